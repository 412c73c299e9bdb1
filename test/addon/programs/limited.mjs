// What the tests of the server's limits talk to: bodies both ways, requests that are held, rooms of sockets.
import { DurableObject } from 'cloudflare:workers';

/* global WebSocketPair, scheduler */

const CHUNK = new Uint8Array(65_536).fill(120);

/** @type {Map<string, () => void>} what is held */
const held = new Map();
/** @type {string[]} what happened, for who asks */
const seen = [];
let pulled = 0;

/** Until somebody asks for /release/NAME. */
function hold(name) {
  seen.push(`held ${name}`);
  return new Promise((resolve) => held.set(name, resolve));
}

export class Room extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket, message) {
    if (message === 'hold') this.ctx.blockConcurrencyWhile(() => hold('room'));
    else if (message === 'close') socket.close(4000, 'on purpose');
    else if (message === 'flood') this.#flood(socket);
    else socket.send(message.length > 100 ? `${message.length}` : message);
  }

  /** Until the peer is cut. */
  async #flood(socket) {
    const text = 'x'.repeat(1 << 20);
    while (!seen.includes('closed 1006')) {
      socket.send(text);
      await scheduler.wait(0);
    }
  }

  webSocketClose(_socket, code) {
    seen.push(`closed ${code}`);
  }

  /** Accepts `count` sockets, of which nobody has the other ends. */
  accept(count) {
    for (let i = 0; i < count; i += 1) this.ctx.acceptWebSocket(new WebSocketPair()[1], [`${i}`]);
    return this.ctx.getWebSockets().length;
  }
}

/** As long as it is read. */
const endless = () =>
  new ReadableStream(
    {
      pull(controller) {
        pulled += CHUNK.length;
        controller.enqueue(CHUNK.slice());
      },
      cancel: () => void seen.push('cancelled'),
    },
    { highWaterMark: 0 },
  );

async function lengthOf(stream) {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.byteLength;
  return bytes;
}

export default {
  async fetch(request, env) {
    const [, action, name] = new URL(request.url).pathname.split('/');
    switch (action) {
      case 'room':
        return env.ROOM.getByName('r').fetch(request);
      case 'accept':
        return new Response(`${await env.ROOM.getByName('many').accept(Number(name))}`);
      case 'endless':
        return new Response(endless());
      case 'pulled':
        return new Response(`${pulled}`);
      case 'hold':
        await hold(name);
        return new Response(`${request.body === null ? 0 : await lengthOf(request.body)}`);
      case 'release':
        held.get(name)();
        return new Response('released');
      case 'seen':
        return new Response(seen.join());
      default:
        // Nobody is told of a body that broke off.
        return new Response(await request.text().catch(String));
    }
  },
};
