export const config = {
  bindings: { SLOW: 'Slow' },
  classes: { Slow: { sqlite: true } },
  compatibilityFlags: ['nodejs_compat'],
  localNetwork: true,
  concurrent: true,
};

/** What comes after the end would have come by then. */
const restMs = 600;

/** A request, and what has happened a while after its answer. */
const answered = (name, route) => ({
  name,
  steps: async (t) => {
    await t.fetch(`/${route}/${route}`);
    await t.pause(restMs);
    await t.fetch(`/seen/${route}`);
  },
});

/** The client leaves when the handler has begun. */
const leaving = (name, route) => ({
  name,
  steps: async (t) => {
    const peer = await t.raw(`GET /${route}/${route} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await t.quietUntil(`/seen/${route}`, 'begun');
    await t.pause(100);
    peer.leave();
    await t.pause(300);
    await t.quiet(`/left/${route}`);
    await t.pause(restMs);
    await t.fetch(`/seen/${route}`);
  },
});

/** A connection that is open at the end, and what its other side saw. */
const connected = (name, route, kind) => ({
  name,
  steps: async (t) => {
    const id = `${route}-${kind}`;
    await t.fetchItself((host) => `/${route}/${id}/${host}/${kind}`);
    await t.quietUntil(`/seen/${id}`, 'gone');
    await t.fetch(`/seen/${id}`);
  },
});

export const cases = [
  answered('S9.1.2 a timer after the answer', 'timer'),
  answered('S9.1.2 a timer of 0 after the answer', 'zero'),
  answered('S9.1.2 setImmediate() after the answer', 'immediate'),
  answered('S9.1.2 an interval after the answer', 'interval'),
  answered('S9.1.2 scheduler.wait() after the answer', 'wait'),
  answered('S9.1.2 microtasks after the answer', 'microtasks'),
  answered('S9.1.2 S7.2.3 a call of an object that nobody waits for', 'rpc'),
  answered('S9.1.2 S1.8 a fetch() of an object that nobody waits for', 'fetched'),
  answered('S9.1.2 S7.6.3 a callback after the answer', 'callback'),
  answered('S9.1.2 S7.7 a fetch() of an entrypoint that nobody waits for', 'service'),
  answered('S9.1.2 waitUntil()', 'wait-until'),
  answered('S9.1.2 S7.9 waitUntil() of the module', 'wait-until-of-module'),
  answered('S9.1.2 waitUntil() within waitUntil()', 'wait-until-again'),
  answered('S9.1.2 timers while a stream is written', 'stream'),
  answered('S9.1.2 timers while a stream is pulled', 'pulled'),
  answered('S9.1.2 timers while the stream of an object passes', 'stream-of-object'),
  leaving('S9.1.2 timers when the client leaves in a stream', 'left-in-stream'),
  leaving('S9.1.2 the client leaves before the answer', 'left-before'),
  leaving('S9.1.2 the client leaves before a call is made', 'left-with-call'),
  {
    name: 'S9.1.2 S6.3 an accepted socket keeps the invocation',
    steps: async (t) => {
      const socket = await t.connect('/socket/socket');
      await t.quietUntil('/seen/socket', 'tick');
      socket.send('one');
      await socket.next();
      await t.pause(200);
      socket.send('two');
      await socket.next();
      socket.close(4001, 'enough');
      await socket.next();
      await t.pause(restMs);
      await t.fetch('/seen/socket');
    },
  },
  {
    name: 'S9.1.2 a socket that is passed on keeps none',
    steps: async (t) => {
      const socket = await t.connect('/socket-of-object/socket-of-object');
      await t.pause(300);
      socket.send('one');
      await socket.next();
      await t.fetch('/seen/socket-of-object');
    },
  },
  answered('S9.1.2 S6.12 a socket of an object that nobody takes', 'socket-not-taken'),
  answered('S9.1.2 S6.12 a socket of an object that comes too late', 'socket-too-late'),
  answered('S9.1.2 S6.3 a socket to an object keeps the invocation', 'socket-to-object'),
  connected('S9.1.2 a fetch whose body is not read', 'connection', 'fetch'),
  connected('S9.1.2 an EventSource', 'connection', 'events'),
  connected('S9.1.2 a TCP connection', 'connection', 'tcp'),
  connected('S2.7.4 a fetch of a broken object', 'connection-of-object', 'fetch'),
  connected('S2.7.4 an EventSource of a broken object', 'connection-of-object', 'events'),
  connected('S2.7.4 a TCP connection of a broken object', 'connection-of-object', 'tcp'),
  answered('S7.7 a timer after the call of an entrypoint', 'entrypoint'),
  answered('S7.7 a timer after an exception of an entrypoint', 'entrypoint-fails'),
  answered('S7.7 waitUntil() of an entrypoint', 'entrypoint-kept'),
  answered('S7.7 a timer after the answer of an entrypoint', 'entrypoint-fetch'),
  answered('S7.6.4 a target keeps its entrypoint until it is disposed of', 'entrypoint-target'),
];
