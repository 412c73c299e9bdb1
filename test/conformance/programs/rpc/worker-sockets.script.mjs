export const config = {
  bindings: { THING: 'Thing' },
  classes: { Thing: { sqlite: true } },
  services: { SERVICE: { entrypoint: 'Service' } },
};

const withSocket = (path, end) => async (t) => {
  const ws = await t.connect(path);
  for (const message of ['first', 'second', 'wait']) {
    ws.send(message);
    await ws.next();
    await t.pause(20);
  }
  await t.fetch('/publish');
  await ws.next();
  await end(ws);
  await t.pause(40);
  await t.fetch('/log');
  await t.fetch('/publish');
};

const ends = {
  closes: async (ws) => {
    ws.close(1000);
    await ws.next();
  },
  'is gone': (ws) => ws.terminate(),
};

const answered = (path) => async (t) => {
  await t.fetch(path);
  await t.pause(30);
  await t.fetch('/log');
};

export const cases = [
  ['', 'a request'],
  ['/service', 'a request to another Worker'],
].flatMap(([prefix, of]) => [
  ...Object.entries(ends).map(([how, end]) => ({
    name: `S7.6.3 ${of}, whose socket ${how}`,
    steps: withSocket(`${prefix}/socket`, end),
  })),
  {
    name: `S7.6.3 ${of}, which is client of a socket`,
    steps: async (t) => {
      await t.fetch(`${prefix}/client`);
      await t.pause(80);
      await t.fetch('/log');
    },
  },
  { name: `S7.6.3 ${of} with waitUntil() of nothing`, steps: answered(`${prefix}/early`) },
  { name: `S7.6.3 ${of} that writes its body`, steps: answered(`${prefix}/body`) },
  { name: `S7.6.3 ${of} that forgets a stub`, steps: answered(`${prefix}/forgets`) },
]);
