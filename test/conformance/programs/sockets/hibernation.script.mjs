export const config = {
  bindings: { ROOM: 'Room', SILENT: 'Silent' },
  classes: { Room: { sqlite: true }, Silent: { sqlite: true } },
};

const scenarios = {
  'S6.12.1 echo and binary messages': async (t) => {
    const ws = await t.connect('/echo?name=a');
    ws.send('echo hello');
    await ws.next();
    ws.send(Buffer.from([1, 2, 3]));
    await ws.next();
  },
  'S6.4.2 send before the response is returned': async (t) => {
    const ws = await t.connect('/greet?name=a&greet');
    await ws.next();
  },
  'S6.11.1 broadcast to all': async (t) => {
    const a = await t.connect('/all?name=a', { label: 'a' });
    const b = await t.connect('/all?name=b', { label: 'b' });
    const c = await t.connect('/all?name=c', { label: 'c' });
    a.send('broadcast hi');
    await a.next();
    await b.next();
    await c.next();
    c.send('broadcast ho');
    await a.next();
    await b.next();
    await c.next();
  },
  'S6.11.1 order of getWebSockets': async (t) => {
    for (const name of ['one', 'two', 'three']) {
      await t.connect(`/order?name=${name}&tag=all&tag=${name}`, { label: name });
    }
    await t.fetch('/order');
    await t.fetch('/order?tag=all');
    await t.fetch('/order?tag=two');
    await t.fetch('/order?tag=none');
  },
  'S6.11.3 tags, attachment and identity': async (t) => {
    const ws = await t.connect('/who?name=a&tag=x&tag=y&tag=x');
    ws.send('who');
    await ws.next();
    ws.send('who');
    await ws.next();
  },
  'S6.10.3 messages by tag': async (t) => {
    const a = await t.connect('/tags?name=a&tag=red', { label: 'a' });
    const b = await t.connect('/tags?name=b&tag=blue&tag=red', { label: 'b' });
    a.send('tagged blue');
    await b.next();
    b.send('tagged red');
    await a.next();
    await b.next();
  },
  'S6.13.3 auto-response': async (t) => {
    const ws = await t.connect('/auto?name=a');
    ws.send('timestamp');
    await ws.next();
    ws.send('ping');
    await ws.next();
    ws.send('pings');
    ws.send(Buffer.from('ping'));
    await ws.next();
    ws.send('echo between');
    ws.send('ping');
    await ws.next(2);
    ws.send('timestamp');
    await ws.next();
  },
  'S6.12.2 handlers of one socket interleave': async (t) => {
    const ws = await t.connect('/slow?name=a');
    ws.send('slow');
    ws.send('echo quick');
    await ws.next(2);
  },
  'S6.12.6 a handler that throws': async (t) => {
    const ws = await t.connect('/throw?name=a');
    ws.send('throw');
    ws.send('echo still here');
    await ws.next();
    await t.fetch('/throw');
  },
  'S2.6.2 a message that depends on a write': async (t) => {
    const ws = await t.connect('/store?name=a');
    for (let i = 0; i < 5; i++) ws.send(`store ${i}`);
    await ws.next(5);
  },
  'S6.12.4 a close by the client': async (t) => {
    const ws = await t.connect('/close-client?name=a');
    ws.close(4000, 'bye');
    await ws.next();
    await t.fetchUntil('/close-client', '4000');
  },
  'S6.12.3 a close without a code': async (t) => {
    const ws = await t.connect('/close-1005?name=a');
    ws.close();
    await ws.next();
    await t.fetchUntil('/close-1005', '1005');
  },
  'S6.12.5 a close by the object': async (t) => {
    const ws = await t.connect('/close-server?name=a');
    ws.send('close 4004');
    await ws.next();
    await t.fetchUntil('/close-server', '4004');
  },
  'S6.12.3 a client that vanishes': async (t) => {
    const ws = await t.connect('/vanish?name=a');
    ws.send('echo here');
    await ws.next();
    ws.terminate();
    await t.fetchUntil('/vanish', '1006');
  },
  'S6.6.6 no automatic answer to a close': async (t) => {
    const ws = await t.connect('/no-answer?name=a');
    ws.close(1000, 'do not answer');
    await t.fetchUntil('/no-answer', 'do not answer');
  },
  'S6.15 abort disconnects': async (t) => {
    const a = await t.connect('/abort?name=a', { label: 'a' });
    const b = await t.connect('/abort?name=b', { label: 'b' });
    a.send('abort');
    await a.next();
    await b.next();
    await t.fetch('/abort');
  },
  'S6.15 deleteAll keeps sockets': async (t) => {
    const ws = await t.connect('/delete-all?name=a');
    ws.send('delete-all');
    await ws.next();
    ws.send('echo alive');
    await ws.next();
  },
  'S6.10.6 a class without handlers': async (t) => {
    const ws = await t.connect('/silent');
    await ws.next();
    ws.send('anyone');
    ws.ping('p');
    await ws.next();
  },
};

export const cases = Object.entries(scenarios).map(([name, steps]) => ({ name, steps }));
