export const config = {
  bindings: { KEPT: 'Kept', HOLDER: 'Holder' },
  classes: { Kept: { sqlite: true }, Holder: { sqlite: true } },
  concurrent: true,
};

/** An idle object is evicted after 10 s (S2.2.3); the holder is called in between, so that it stays. */
async function holdBeyondEviction(t, path) {
  await t.fetch(`${path}?hold`);
  await t.pause(13_000);
  await t.fetch(path);
}

export const cases = [
  {
    name: 'S2.2.1 S2.3.6 S1.6.6 a stub without a call keeps nobody',
    steps: (t) => holdBeyondEviction(t, '/stub'),
  },
  {
    name: 'S2.3.3 a stub of what an object returned keeps the object',
    steps: (t) => holdBeyondEviction(t, '/target'),
  },
  {
    name: 'S2.3.2 an open standard socket keeps its object',
    steps: (t) => holdBeyondEviction(t, '/socket'),
  },
];
