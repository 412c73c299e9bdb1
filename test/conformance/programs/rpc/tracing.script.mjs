export const config = {
  bindings: { TRACED: 'Traced' },
  classes: { Traced: { sqlite: true } },
};

const kProbes = ['surface', 'construct', 'spans', 'more', 'callbacks', 'active', 'within'];

export const cases = [
  ...kProbes.flatMap((name) => [
    {
      name: `S7.9 tracing: ${name}`,
      steps: (t) => t.fetch(`/${name}`),
    },
    {
      name: `S7.9 tracing in an object: ${name}`,
      steps: (t) => t.fetch(`/${name}?in=object`),
    },
  ]),
  { name: 'S7.9 tracing while the Worker starts', steps: (t) => t.fetch('/start') },
];
