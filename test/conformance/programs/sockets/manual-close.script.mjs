export const config = {
  compatibilityDate: '2026-01-01',
  bindings: { SOCKETS: 'Sockets' },
  classes: { Sockets: { sqlite: true } },
};

export const cases = [
  { name: 'S6.6.1 allowHalfOpen before the flag', request: { path: '/closed' } },
  {
    name: 'S6.6.1 the application answers a close',
    steps: async (t) => {
      const ws = await t.connect('/plain?key=a');
      ws.close(4100, 'client');
      await ws.next(2);
      await t.fetchUntil('/reported?key=a', '4100');
    },
  },
  {
    name: 'S6.6.1 a close without a code is answered by hand',
    steps: async (t) => {
      const ws = await t.connect('/plain?key=b');
      ws.close();
      await ws.next(2);
      await t.fetchUntil('/reported?key=b', '1005');
    },
  },
  {
    name: 'S6.7.3 binaryType was arraybuffer',
    steps: async (t) => {
      const ws = await t.connect('/plain?key=b');
      ws.send(Buffer.from([7]));
      await ws.next();
    },
  },
];
