// How long a request of a Worker goes on: with its stubs, and with the functions that it gave an object. A socket that it accepted, a body
// that it writes, and waitUntil() keep it.
import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { attempt } from '../probe.js';

/** @type {string[]} */
const log = [];

class Counter extends RpcTarget {
  #count = 0;
  hit() {
    this.#count += 1;
    return this.#count;
  }
  [Symbol.dispose]() {
    log.push('counter disposed');
  }
}

export class Thing extends DurableObject {
  counter() {
    return new Counter();
  }
  echo(value) {
    return value;
  }
  subscribe(tell) {
    this.tell = tell.dup();
  }
  async publish() {
    return (await attempt(() => this.tell('published'))).text;
  }
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    if (message === 'close') ws.close(1000);
    else ws.send(`echo ${message}`);
  }
}

async function openSocket({ THING }) {
  const thing = THING.getByName('thing');
  const counter = await thing.counter();
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.addEventListener('message', async ({ data }) => {
    if (data === 'wait') await scheduler.wait(5);
    server.send((await attempt(() => counter.hit())).text);
  });
  server.addEventListener('close', () => log.push('closed'));
  await thing.subscribe((text) => server.send(text));
  return new Response(null, { status: 101, webSocket: client });
}

/** A client of an object's socket, after the answer. */
async function beClient({ THING }, ctx) {
  const thing = THING.getByName('thing');
  const { webSocket } = await thing.fetch('http://x/', { headers: { Upgrade: 'websocket' } });
  const counter = await thing.counter();
  webSocket.accept();
  webSocket.addEventListener('message', async ({ data }) => {
    const { text } = await attempt(() => counter.hit());
    log.push(`${data}: ${text}`);
    webSocket.send('close');
  });
  webSocket.addEventListener('close', () => log.push('closed'));
  ctx.waitUntil(scheduler.wait(1));
  setTimeout(() => webSocket.send('later'), 15);
  return new Response('open');
}

async function early({ THING }, ctx) {
  const thing = THING.getByName('thing');
  ctx.waitUntil(Promise.resolve());
  const counter = await thing.counter();
  await scheduler.wait(5);
  const f = await thing.echo(() => 'called');
  return new Response(`${await counter.hit()} ${(await attempt(() => f())).text}`);
}

async function body({ THING }) {
  const counter = await THING.getByName('thing').counter();
  let chunks = 0;
  const stream = new ReadableStream({
    async pull(controller) {
      await scheduler.wait(2);
      chunks += 1;
      if (chunks === 4) controller.close();
      else controller.enqueue(new TextEncoder().encode(`${await counter.hit()} `));
    },
  });
  return new Response(stream);
}

async function forgets({ THING }) {
  await THING.getByName('thing').counter();
  return new Response('over');
}

const handlers = { socket: openSocket, client: beClient, early, body, forgets };

const serve = (pathname, env, ctx) => handlers[pathname.split('/').at(-1)](env, ctx);

export class Service extends WorkerEntrypoint {
  fetch(request) {
    return serve(new URL(request.url).pathname, this.env, this.ctx);
  }
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === '/publish') return new Response(await env.THING.getByName('thing').publish());
    if (pathname === '/log') {
      await scheduler.wait(20);
      return new Response(log.splice(0).join(', '));
    }
    return pathname.startsWith('/service/')
      ? env.SERVICE.fetch(request)
      : serve(pathname, env, ctx);
  },
};
