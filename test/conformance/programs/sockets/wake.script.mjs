export const config = {
  bindings: { SLEEPER: 'Sleeper' },
  classes: { Sleeper: { sqlite: true } },
  concurrent: true,
};

/** An idle object is evicted after 10 s (S2.2.3). */
const evictionMs = 13_000;

export const cases = [
  {
    name: 'S2.2.3 an idle object loses its memory and keeps its storage',
    steps: async (t) => {
      await t.fetch('/plain');
      await t.fetch('/plain');
      await t.pause(evictionMs);
      await t.fetch('/plain');
    },
  },
  {
    name: 'S6.12.7 a message wakes a hibernated object',
    steps: async (t) => {
      const a = await t.connect('/wake?name=a', { label: 'a' });
      const b = await t.connect('/wake?name=b', { label: 'b' });
      a.send('before');
      await a.next();
      await t.pause(evictionMs);
      a.send('after');
      await a.next();
      b.send('after too');
      await b.next();
    },
  },
  {
    name: 'S6.13.3 an auto-response does not wake the object',
    steps: async (t) => {
      const ws = await t.connect('/auto?name=a');
      await t.pause(evictionMs);
      ws.send('ping');
      await ws.next();
      ws.send('now wake');
      await ws.next();
    },
  },
  {
    name: 'S6.12.3 a close wakes a hibernated object',
    steps: async (t) => {
      const ws = await t.connect('/close?name=a');
      await t.pause(evictionMs);
      ws.close(4200, 'while asleep');
      await ws.next();
      await t.fetchUntil('/close', '4200');
    },
  },
  {
    name: 'S2.2.4 a standard socket prevents hibernation',
    steps: async (t) => {
      const ws = await t.connect('/standard?name=a&standard');
      await t.pause(evictionMs);
      ws.send('still there?');
      await ws.next();
    },
  },
  {
    name: 'S2.2.4 a standard socket that has ended does not',
    steps: async (t) => {
      for (const how of ['closed', 'gone']) {
        const ws = await t.connect(`/${how}?name=a&standard`, { label: how });
        ws.send('there?');
        await ws.next();
        if (how === 'closed') {
          ws.close(1000);
          await ws.next();
        } else ws.terminate();
      }
      await t.pause(evictionMs);
      await t.fetch('/closed');
      await t.fetch('/gone');
    },
  },
  {
    name: 'S2.2.4 a timer prevents hibernation',
    steps: async (t) => {
      const ws = await t.connect('/timer?name=a&timer');
      await t.pause(evictionMs);
      ws.send('still there?');
      await ws.next();
    },
  },
  {
    name: 'S2.2.3 traffic keeps an object in memory',
    steps: async (t) => {
      const ws = await t.connect('/busy?name=a');
      ws.send('one');
      await ws.next();
      await t.pause(evictionMs / 2);
      ws.send('two');
      await ws.next();
      await t.pause(evictionMs / 2);
      ws.send('three');
      await ws.next();
    },
  },
];
