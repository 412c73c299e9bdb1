import { DurableObject } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

const next = (ws, type) =>
  new Promise((resolve) => ws.addEventListener(type, resolve, { once: true }));

/** Everything that happens on a socket, as lines. */
function watch(ws) {
  const log = [];
  ws.binaryType = 'arraybuffer';
  ws.addEventListener('open', () => log.push(`open ${ws.readyState}`));
  ws.addEventListener('message', ({ data }) =>
    log.push(typeof data === 'string' ? `text ${data}` : `bytes ${new Uint8Array(data)}`),
  );
  ws.addEventListener('close', ({ code, reason, wasClean }) =>
    log.push(`close ${code} "${reason}" ${wasClean} ${ws.readyState}`),
  );
  return log;
}

const dial = (port, path, headers = {}) =>
  fetch(`http://127.0.0.1:${port}/${path}`, { headers: { Upgrade: 'websocket', ...headers } });

/** Talks to the echo; what was said and heard. */
async function talk(ws, log) {
  ws.send('hello');
  ws.send(new Uint8Array([1, 2, 3]));
  while (log.filter((line) => /^(text|bytes)/.test(line)).length < 2) await next(ws, 'message');
  const closed = next(ws, 'close');
  ws.close(4000, 'done');
  log.push(`closing ${ws.readyState}`);
  await closed;
  return log;
}

/** The error has a cause of its own here, which says why. */
const refusal = (response) =>
  response.then(
    ({ status }) => status,
    (error) => [`${error}`, error.retryable],
  );

async function byConstructor(port) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/echo`, ['first', 'second']);
  const log = watch(ws);
  log.push(
    `connecting ${ws.readyState} "${ws.protocol}"`,
    attemptSync(() => ws.send('early')).text,
  );
  await next(ws, 'open');
  log.push([ws.url.replace(/:\d+/, ':PORT'), ws.protocol, ws.extensions]);
  return talk(ws, log);
}

async function byFetch(port) {
  const response = await dial(port, 'echo', { 'Sec-WebSocket-Protocol': 'first, second' });
  const ws = response.webSocket;
  const log = [
    response.status,
    response.headers.get('upgrade'),
    response.headers.get('sec-websocket-protocol'),
    [ws.url, ws.protocol, ws.extensions, ws.readyState],
  ];
  log.push(attemptSync(() => ws.send('early')).text);
  const events = watch(ws);
  ws.accept();
  return [...log, ...(await talk(ws, events))];
}

const probes = (port, closed, env) => ({
  constructor: () => byConstructor(port),
  fetch: () => byFetch(port),
  'in-object': () => env.DIALER.getByName('a').byConstructor(port),
  'in-object-fetch': () => env.DIALER.getByName('b').byFetch(port),
  async greeted() {
    const { webSocket } = await dial(port, 'greet');
    await scheduler.wait(50);
    const log = watch(webSocket);
    webSocket.accept();
    await next(webSocket, 'message');
    webSocket.close();
    return log;
  },
  async 'server-closes'() {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/close`);
    const log = watch(ws);
    await next(ws, 'open');
    log.push([ws.protocol, ws.extensions]);
    await next(ws, 'close');
    return log;
  },
  async 'server-drops'() {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/drop`);
    const log = watch(ws);
    await next(ws, 'close');
    await scheduler.wait(0);
    return [...log, ws.readyState, attemptSync(() => ws.send('late'))];
  },
  async 'url-as-given'() {
    const given = [`WS://user:secret@127.0.0.1:${port}`, `ws://127.0.0.1:${port}/echo?a='b c`];
    const sockets = given.map((url) => new WebSocket(url));
    await Promise.all(sockets.map((ws) => next(ws, 'open')));
    const urls = sockets.map((ws) => ws.url.replace(/:\d+/, ':PORT'));
    for (const ws of sockets) ws.close();
    return urls;
  },
  async 'opened-misused'() {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/echo`);
    const misuse = () => [
      attemptSync(() => ws.accept()),
      attemptSync(() => new Response(null, { status: 101, webSocket: ws }).status),
    ];
    const early = misuse();
    await next(ws, 'open');
    const late = misuse();
    ws.close();
    return [early, late];
  },
  async declined() {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/decline`);
    const log = watch(ws);
    ws.addEventListener('error', ({ message, error }) => log.push(['error', message, error]));
    await next(ws, 'close');
    return log;
  },
  async 'declined-fetch'() {
    const response = await dial(port, 'decline');
    return [response.status, response.webSocket, await response.text()];
  },
  async refused() {
    const ws = new WebSocket(`ws://127.0.0.1:${closed}/`);
    const log = watch(ws);
    await next(ws, 'close');
    return log;
  },
  'refused-plain': () => refusal(fetch(`http://127.0.0.1:${closed}/`)),
  'refused-fetch': () => refusal(dial(closed, '')),
});

/** Opens connections to other hosts, and passes on what a client says. */
export class Dialer extends DurableObject {
  byConstructor(port) {
    return byConstructor(port);
  }

  byFetch(port) {
    return byFetch(port);
  }

  /** A client of the object, and a connection of its own for each. */
  async fetch(request) {
    const { webSocket: upstream } = await dial(
      new URL(request.url).searchParams.get('port'),
      'echo',
    );
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    upstream.accept();
    server.addEventListener('message', ({ data }) => upstream.send(`up ${data}`));
    upstream.addEventListener('message', ({ data }) => server.send(`down ${data}`));
    server.addEventListener('close', ({ code }) => upstream.close(code));
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const port = searchParams.get('port');
    if (pathname === '/passed-on') return dial(port, 'echo');
    if (pathname === '/relayed') return env.DIALER.getByName('c').fetch(request);
    return answer(probes(port, searchParams.get('closed'), env), request);
  },
};
