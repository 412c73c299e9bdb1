import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** Both ends of a pair, accepted, with every event of them in `log`. */
function connected(optionsA, optionsB) {
  const [a, b] = Object.values(new WebSocketPair());
  const log = [];
  watch(a, 'a', log);
  watch(b, 'b', log);
  a.accept(optionsA);
  b.accept(optionsB);
  return { a, b, log };
}

function watch(ws, name, log) {
  ws.addEventListener('message', ({ data }) => log.push(`${name} message ${data}`));
  ws.addEventListener('close', ({ type, code, reason, wasClean }) =>
    log.push([name, type, code, reason, wasClean, ws.readyState].join(' ')),
  );
}

/** What is sent reaches the other end's listeners some turns later. */
const settle = () => scheduler.wait(100);

const points = (text) => [...text].map((c) => c.codePointAt(0).toString(16)).join(' ');

const next = (ws, type) =>
  new Promise((resolve) => ws.addEventListener(type, resolve, { once: true }));

async function dial(env, path, name = path) {
  const response = await env.ROOM.getByName(name).fetch(`http://do/${path}`, {
    headers: { Upgrade: 'websocket' },
  });
  return response.webSocket;
}

/** Listeners that add others; two events. */
async function addWithin(target, log, fire) {
  const removed = () => log.push('removed');
  target.addEventListener('message', () => {
    log.push('first');
    target.addEventListener('message', () => log.push('added'));
    target.addEventListener('message', removed);
    target.addEventListener('other', () => log.push('other'));
    target.dispatchEvent(new Event('other'));
    target.removeEventListener('message', removed);
  });
  target.addEventListener('message', () => log.push('second'));
  await fire();
  log.push('again');
  await fire();
}

const probes = {
  async 'close-and-reply'() {
    const { a, b, log } = connected();
    a.send('one');
    a.close(4001, 'bye');
    log.push(
      `a is ${a.readyState}`,
      attemptSync(() => a.send('late')),
    );
    await settle();
    log.push(`states ${a.readyState} ${b.readyState}`);
    log.push(
      attemptSync(() => b.close(4002)),
      attemptSync(() => b.send('after')),
    );
    return log;
  },
  async 'half-open-values'() {
    const values = [undefined, null, 0, 1, '', 'x', false, true, {}];
    const opened = values.map((allowHalfOpen) => connected({}, { allowHalfOpen }));
    for (const { a } of opened) a.close(4001, 'bye');
    await settle();
    return opened.map(({ a, b }) => [a.readyState, b.readyState]);
  },
  async 'half-open'() {
    const { a, b, log } = connected({}, { allowHalfOpen: true });
    a.close(4001, 'bye');
    await settle();
    log.push(`states ${a.readyState} ${b.readyState}`);
    log.push(attemptSync(() => b.send('still')));
    await settle();
    b.close(4002, 'done');
    log.push(`b is ${b.readyState}`);
    await settle();
    log.push(`states ${a.readyState} ${b.readyState}`);
    return log;
  },
  async 'automatic-answer'({ env }) {
    const ws = await dial(env, 'hibernatable', 'automatic');
    const log = [];
    watch(ws, 'ws', log);
    ws.accept();
    for (const text of ['ping', 'answer', 'answered']) ws.send(text);
    await settle();
    for (const text of ['ping', 'pings', 'ping', 'answered']) ws.send(text);
    await settle();
    return log;
  },
  async 'attachment-when-over'({ env }) {
    const stub = env.ROOM.getByName('over');
    const ws = await dial(env, 'hibernatable', 'over');
    ws.accept();
    ws.close(4001, 'bye');
    await settle();
    return (await stub.fetch('http://do/over')).text();
  },
  async 'accept-when-over'() {
    const { a, b, log } = connected();
    a.close(4001, 'bye');
    await settle();
    for (const ws of [a, b])
      log.push(
        ws.readyState,
        attemptSync(() => ws.accept()),
      );
    return log;
  },
  async 'a-listener-that-throws'() {
    const { a, b, log } = connected();
    b.addEventListener('message', () => {
      throw new Error('out of a listener');
    });
    b.addEventListener('error', ({ message, error }) =>
      log.push(`b error ${message} ${error.message} ${b.readyState}`),
    );
    a.send('one');
    await settle();
    log.push(
      attemptSync(() => a.accept()),
      attemptSync(() => a.close(4001)),
      attemptSync(() => a.send('late')),
      `states ${a.readyState} ${b.readyState}`,
    );
    return log;
  },
  async 'a-peer-that-left-half-open'() {
    const { a, b, log } = connected({}, { allowHalfOpen: true });
    a.addEventListener('message', () => {
      throw new Error('out of a listener');
    });
    a.close(4001, 'bye');
    await settle();
    b.send('one');
    await settle();
    log.push(
      attemptSync(() => b.send('late')),
      attemptSync(() => b.close(4002)),
      `states ${a.readyState} ${b.readyState}`,
    );
    return log;
  },
  async 'close-without-code'() {
    const { a, log } = connected();
    a.close();
    await settle();
    return log;
  },
  async 'close-from-both'() {
    const { a, b, log } = connected();
    a.close(4001, 'a');
    b.close(4002, 'b');
    log.push(attemptSync(() => a.close(4003, 'again')));
    await settle();
    log.push(`states ${a.readyState} ${b.readyState}`);
    return log;
  },
  async 'close-arguments'() {
    const codes = [999, 1000, 1004, 1005, 1006, 1015, 1016, 2999, 3000, 4999, 5000, 0, -1, 1e9];
    const others = [NaN, null, '3000', 'x', 3000.9, true];
    const tried = [...codes, ...others].map((code) => {
      const { a } = connected();
      return attemptSync(() => a.close(code));
    });
    const { a } = connected();
    return [
      ...tried,
      attemptSync(() => a.close(undefined, 'why')),
      attemptSync(() => a.close(1000, 'ü'.repeat(62))),
      attemptSync(() => a.close(1000, 'x'.repeat(124))),
      attemptSync(() => a.close(1000, 'ü'.repeat(61))),
    ];
  },
  async 'data-is-copied'() {
    const { a, b } = connected();
    b.binaryType = 'arraybuffer';
    const received = [];
    b.addEventListener('message', ({ data }) => received.push(data));
    const bytes = new Uint8Array([1, 2, 3, 4]);
    a.send(bytes);
    bytes.fill(9);
    a.send(bytes.subarray(1, 3));
    a.send(new DataView(bytes.buffer, 2));
    a.send(bytes.buffer);
    bytes.fill(7);
    await settle();
    return received;
  },
  async 'lone-surrogates-sent'() {
    const { a, log } = connected();
    a.send('a\ud800b');
    await settle();
    return log.map(points);
  },
  async 'lone-surrogates'() {
    const { a, log } = connected();
    a.send('\ud83d\ude00');
    a.close(4001, 'r\udc00');
    await settle();
    return [log.map(points), points(new CloseEvent('close', { reason: '\ud807' }).reason)];
  },
  async 'other-data'() {
    const { a, log } = connected();
    const values = [1, null, undefined, true, {}, [1, 2], { toString: () => 'text' }];
    const results = values.map((value) => attemptSync(() => a.send(value)));
    results.push(
      attemptSync(() => a.send()),
      attemptSync(() => a.send(Symbol('s'))),
    );
    await settle();
    return [results, log];
  },
  async 'binary-type'() {
    const { a, b } = connected();
    const kinds = [];
    b.addEventListener('message', ({ data }) => kinds.push(data.constructor.name));
    a.send(new Uint8Array([1]));
    await settle();
    b.binaryType = 'arraybuffer';
    a.send(new Uint8Array([1]));
    await settle();
    const outcomes = ['blob', 'arraybuffer', 'x', undefined].map((value) =>
      attemptSync(() => {
        b.binaryType = value;
        return b.binaryType;
      }),
    );
    return [kinds, outcomes];
  },
  async 'event-target'() {
    const { a, b } = connected();
    const log = [];
    const removed = () => log.push('removed');
    b.addEventListener('message', removed);
    b.removeEventListener('message', removed);
    b.addEventListener('message', () => log.push('once'), { once: true });
    b.addEventListener('message', { handleEvent: ({ data }) => log.push(`object ${data}`) });
    b.onmessage = () => log.push('property');
    a.send('1');
    a.send('2');
    await settle();
    b.onmessage = 'nothing';
    a.send('3');
    await settle();
    const custom = new Event('custom', { cancelable: true });
    b.addEventListener('custom', (event) => event.preventDefault());
    log.push(b.dispatchEvent(custom), custom.defaultPrevented);
    return log;
  },
  async 'listeners-added'() {
    const { a, b } = connected();
    const log = [];
    await addWithin(b, log, async () => {
      a.send('x');
      await settle();
    });
    return log;
  },
  async 'listeners-added-to-a-target'() {
    const target = new EventTarget();
    const log = [];
    await addWithin(target, log, () => target.dispatchEvent(new Event('message')));
    return log;
  },
  async 'before-accept'() {
    const [a, b] = Object.values(new WebSocketPair());
    const log = [];
    a.accept();
    a.send('one');
    a.send('two');
    a.close(4001, 'early');
    watch(b, 'b', log);
    await settle();
    log.push('now accepted');
    b.accept();
    await settle();
    return log;
  },
  async 'accept-arguments'() {
    return [undefined, null, {}, { allowHalfOpen: 1 }, { allowHalfOpen: undefined }, 5, 'x'].map(
      (options) => {
        const [a] = Object.values(new WebSocketPair());
        return attemptSync(() => a.accept(options));
      },
    );
  },
  async 'worker-to-standard'({ env }) {
    const log = [];
    const ws = await dial(env, 'standard');
    log.push(`url ${ws.url} protocol ${JSON.stringify(ws.protocol)} state ${ws.readyState}`);
    watch(ws, 'ws', log);
    ws.accept();
    ws.send('hello');
    ws.send('close');
    await next(ws, 'close');
    log.push(`state ${ws.readyState}`);
    return log;
  },
  async 'worker-to-hibernatable'({ env }) {
    const log = [];
    const ws = await dial(env, 'hibernatable');
    watch(ws, 'ws', log);
    ws.accept();
    ws.send('hello');
    await next(ws, 'message');
    ws.close(4005, 'from the worker');
    await next(ws, 'close');
    return [log, await (await env.ROOM.getByName('hibernatable').fetch('http://do/closes')).json()];
  },
  async 'object-closes-hibernatable'({ env }) {
    const log = [];
    const ws = await dial(env, 'hibernatable', 'object-closes');
    watch(ws, 'ws', log);
    ws.accept();
    ws.send('close');
    await next(ws, 'close');
    log.push(`state ${ws.readyState}`);
    await settle();
    return [
      log,
      await (await env.ROOM.getByName('object-closes').fetch('http://do/closes')).json(),
    ];
  },
  async 'object-aborts'({ env }) {
    const closed = async (path) => {
      const ws = await dial(env, path, `aborts-${path}`);
      ws.accept();
      const over = next(ws, 'close');
      ws.send('abort');
      const { code, reason, wasClean } = await over;
      return [code, reason, wasClean, ws.readyState, attemptSync(() => ws.send('x'))];
    };
    return [await closed('standard'), await closed('hibernatable')];
  },
  async 'never-accepted'({ env }) {
    const ws = await dial(env, 'greeting');
    await settle();
    const log = [];
    watch(ws, 'ws', log);
    ws.accept();
    await settle();
    return log;
  },
  async declined({ env }) {
    const response = await env.ROOM.getByName('d').fetch('http://do/closes', {
      headers: { Upgrade: 'websocket' },
    });
    return [response.status, response.webSocket, await response.json()];
  },
  async 'ws-schemes'({ env }) {
    return [
      await attempt(() => fetch('ws://example.com/')),
      await attempt(() => env.ROOM.getByName('s').fetch('wss://do/closes')),
    ];
  },
  async 'from-an-object'({ env }) {
    return (await env.ROOM.getByName('caller').fetch('http://do/call-other')).json();
  },
  async 'attachment-copies'() {
    const [a] = Object.values(new WebSocketPair());
    a.serializeAttachment({ list: [1], date: new Date(0), map: new Map([[1, 2]]) });
    const copy = a.deserializeAttachment();
    copy.list.push(2);
    return [
      a.deserializeAttachment(),
      attemptSync(() => a.serializeAttachment(() => {})),
      a.deserializeAttachment(),
      attemptSync(() => a.serializeAttachment(undefined)),
      a.deserializeAttachment(),
      attemptSync(() => a.serializeAttachment()),
    ];
  },
};

export class Room extends DurableObject {
  closes = [];

  async fetch(request) {
    const { pathname } = new URL(request.url);
    const [client, server] = Object.values(new WebSocketPair());
    switch (pathname) {
      case '/over':
        return new Response(attemptSync(() => this.last.serializeAttachment('late')).text);
      case '/closes':
        return Response.json([this.closes, this.ctx.getWebSockets().length]);
      case '/call-other': {
        const ws = await dial(this.env, 'hibernatable', 'called');
        const log = [];
        watch(ws, 'ws', log);
        ws.accept();
        ws.send('from an object');
        await next(ws, 'message');
        ws.close(4007, 'done');
        await next(ws, 'close');
        return Response.json(log);
      }
      case '/greeting':
        server.accept();
        server.send('welcome');
        server.close(4008, 'short');
        break;
      case '/standard':
        server.accept();
        server.addEventListener('message', ({ data }) => this.#on(server, data));
        break;
      default:
        this.ctx.acceptWebSocket(server);
        server.send('welcome');
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  #on(ws, data) {
    if (data === 'close') ws.close(4006, 'from the object');
    else if (data === 'answer') {
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    } else if (data === 'answered') {
      ws.send(typeof this.ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime());
    } else if (data === 'abort') this.ctx.abort('asked to');
    else ws.send(`echo ${data}`);
  }

  webSocketMessage(ws, message) {
    this.#on(ws, message);
  }

  webSocketClose(ws, code, reason, wasClean) {
    this.closes.push([code, reason, wasClean, ws.readyState, this.ctx.getWebSockets().length]);
    ws.close(code, reason);
    this.last = ws;
  }
}

export default {
  fetch: (request, env) => answer(probes, request, { env }),
};
