export const config = { bindings: { ROOM: 'Room' }, classes: { Room: { sqlite: true } } };

// The object itself is reset, which a request right after shows here; workerd drops that connection.
const scenarios = {
  'S6.14.1 a handler within the time': async (t) => {
    const ws = await t.connect('/quick');
    ws.send('quick');
    await ws.next();
    await t.pause(300);
    ws.send('quick');
    await ws.next();
  },
  'S6.14.1 a handler that never ends': async (t) => {
    const a = await t.connect('/hang', { label: 'a' });
    const b = await t.connect('/hang', { label: 'b' });
    a.send('hang');
    await t.pause(400);
    a.send('echo');
    await a.next();
    b.send('echo');
    await b.next();
  },
  'S6.14.1 a handler that waits too long': async (t) => {
    const ws = await t.connect('/wait');
    ws.send('wait');
    await t.pause(1_300);
    ws.send('echo');
    await ws.next();
  },
  'S6.14.1 what waitUntil was given does not count': async (t) => {
    const ws = await t.connect('/later');
    ws.send('later');
    await ws.next();
  },
  'S6.14.1 a time that is taken back holds for the next event': async (t) => {
    const ws = await t.connect('/unset');
    ws.send('unset');
    await t.pause(600);
    ws.send('echo');
    await ws.next();
  },
};

export const cases = Object.entries(scenarios).map(([name, steps]) => ({ name, steps }));
