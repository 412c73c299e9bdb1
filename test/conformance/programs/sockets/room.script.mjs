export const config = { bindings: { ROOM: 'Room' }, classes: { Room: { sqlite: true } } };

/** @returns {Promise<any[]>} three sockets of a room */
const three = (t, room) =>
  ['a', 'b', 'c'].reduce(
    async (before, label) => [...(await before), await t.connect(room, { label })],
    Promise.resolve([]),
  );

const scenarios = {
  'S6.4.5 a room gets each message in the order of the calls': async (t) => {
    const [a, b, c] = await three(t, '/burst');
    a.send('burst');
    await a.next(9);
    await b.next(8);
    await c.next(8);
  },
  'S6.5.6 a close in a loop over the room follows the message': async (t) => {
    const [a, b, c] = await three(t, '/leave');
    a.send('leave');
    await a.next(2);
    await b.next(2);
    await c.next(2);
  },
  'S6.11.2 the same objects are returned while the object is awake': async (t) => {
    const [a] = await three(t, '/same');
    a.send('same');
    await a.next();
  },
  'S6.13.4 the time of the last automatic answer': async (t) => {
    const ws = await t.connect('/stamp');
    ws.send('stamp');
    await ws.next();
    ws.send('ping');
    await ws.next();
    ws.send('stamp');
    await ws.next();
  },
  'S6.13.5 an automatic answer queues behind what was sent': async (t) => {
    const ws = await t.connect('/behind');
    for (let i = 0; i < 3; i += 1) {
      ws.send('write');
      ws.send('ping');
    }
    await ws.next(6);
  },
  'S6.11.7 an attachment goes with its connection': async (t) => {
    const ws = await t.connect('/attached');
    ws.send('attach');
    await ws.next();
    await t.fetch('/attached');
    ws.close(4001);
    await ws.next();
    await t.connect('/attached');
    await t.fetch('/attached');
  },
  'S6.11.7 an attachment is not stored': async (t) => {
    const ws = await t.connect('/restarted');
    ws.send('attach');
    await ws.next();
    await t.restart();
    await t.fetch('/restarted');
  },
  'S6.3.3 a standard socket ends with its object': async (t) => {
    const ws = await t.connect('/dies?standard');
    ws.send('abort');
    await ws.next();
  },
  'S6.6.3 the close event of a Close frame': async (t) => {
    const ws = await t.connect('/clean?standard');
    ws.close(4002, 'bye');
    await ws.next();
    await t.fetchUntil('/clean?ends', 'wasClean');
  },
  'S6.6.3 the close event of a peer that vanished': async (t) => {
    const ws = await t.connect('/vanished?standard');
    ws.terminate();
    await t.fetchUntil('/vanished?ends', 'wasClean');
  },
};

export const cases = Object.entries(scenarios).map(([name, steps]) => ({ name, steps }));
