export const config = { bindings: { SOCKETS: 'Sockets' }, classes: { Sockets: { sqlite: true } } };

export const cases = [
  {
    name: 'S6.3.1 echo of text and binary',
    steps: async (t) => {
      const ws = await t.connect('/echo');
      ws.send('hello');
      await ws.next();
      ws.send('é日本');
      await ws.next();
      ws.send('');
      await ws.next();
      ws.close(1000, 'done');
      await ws.next();
    },
  },
  {
    name: 'S6.4.1 what send accepts',
    steps: async (t) => {
      const ws = await t.connect('/greet');
      await ws.next(7);
    },
  },
  {
    name: 'S6.4.5 many messages keep their order',
    steps: async (t) => {
      const ws = await t.connect('/echo');
      for (let i = 0; i < 50; i++) ws.send(`message ${i}`);
      await ws.next(50);
    },
  },
  {
    name: 'S6.9.1 a large message',
    steps: async (t) => {
      const ws = await t.connect('/arraybuffer');
      ws.send(Buffer.from([0, 1, 255]));
      await ws.next();
      const echo = await t.connect('/echo');
      echo.send('x'.repeat(70_000));
      await echo.next();
    },
  },
  {
    name: 'S6.7.3 binaryType is blob by default',
    steps: async (t) => {
      const ws = await t.connect('/types');
      ws.send('text');
      await ws.next();
      ws.send(Buffer.from([1]));
      await ws.next();
    },
  },
  {
    name: 'S6.7.4 onmessage and listeners',
    steps: async (t) => {
      const ws = await t.connect('/on-property');
      ws.send('a');
      await ws.next(2);
    },
  },
  {
    name: 'S6.7.5 a listener that throws',
    steps: async (t) => {
      const ws = await t.connect('/throwing');
      ws.send('a');
      await ws.next(2);
    },
  },
  {
    name: 'S6.5.6 the close follows what was sent',
    steps: async (t) => {
      const ws = await t.connect('/close-now');
      await ws.next(2);
    },
  },
  {
    name: 'S6.5.4 close without a code',
    steps: async (t) => {
      const ws = await t.connect('/close-plain');
      ws.send('go');
      await ws.next();
    },
  },
  {
    name: 'S6.5.1 close codes and reasons are checked',
    steps: async (t) => {
      const ws = await t.connect('/close-checks?key=checks');
      ws.send('go');
      await ws.next(2);
      await t.fetch('/reported?key=checks');
    },
  },
  {
    name: 'S6.6.2 a close is answered with the same code',
    steps: async (t) => {
      const ws = await t.connect('/close-event?key=code');
      ws.close(4321, 'from the client');
      await ws.next();
      await t.fetchUntil('/reported?key=code', 'CloseEvent');
    },
  },
  {
    name: 'S6.5.4 a close without a code is 1005',
    steps: async (t) => {
      const ws = await t.connect('/close-event?key=none');
      ws.close();
      await ws.next();
      await t.fetchUntil('/reported?key=none', 'CloseEvent');
    },
  },
  ...['finishes', 'resets'].map((how) => ({
    name: `S6.6.4 a socket whose client ${how}, closed by its object`,
    steps: async (t) => {
      const ws = await t.rawSocket(`/left?key=${how}`);
      ws.leave(how);
      await t.quietUntil(`/reported?key=${how}`, '1006');
      await t.pause(50);
      await t.fetch(`/reported?key=${how}`);
    },
  })),
  {
    name: 'S6.7.2 properties of a pair end',
    steps: async (t) => {
      const ws = await t.connect('/state');
      await ws.next();
    },
  },
  {
    name: 'S6.2.3 headers and protocol of the handshake',
    steps: async (t) => {
      await t.connect('/echo', { protocols: ['chat', 'other'] });
    },
  },
  {
    name: 'S6.3.4 handlers interleave at awaits',
    steps: async (t) => {
      const ws = await t.connect('/delayed');
      ws.send('slow');
      ws.send('fast');
      await ws.next(2);
    },
  },
  {
    name: 'S6.1.1 a pair in a plain Worker',
    steps: async (t) => {
      const ws = await t.connect('/in-worker');
      ws.send('hi');
      await ws.next();
    },
  },
  {
    name: 'S6.8.3 a declined upgrade is an ordinary response',
    steps: async (t) => {
      await t.connect('/declined');
    },
  },
  {
    name: 'S6.2.3 a socket for a request that is no upgrade',
    request: { path: '/echo' },
    status: 500,
  },
  {
    name: 'S6.4.6 pings are answered',
    steps: async (t) => {
      const ws = await t.connect('/echo');
      ws.ping('are you there');
      await ws.next();
      ws.send('after');
      await ws.next();
    },
  },
];
