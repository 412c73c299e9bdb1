// What the soak runs: rooms that store, broadcast and hibernate; streams that are long and slow both ways.
import { DurableObject } from 'cloudflare:workers';

/* global WebSocketPair */

const BIG_CHUNKS = 128;
const CHUNK = new Uint8Array(32_768).fill(120);

export class Room extends DurableObject {
  async put(key, bytes) {
    await this.ctx.storage.put(key, 'x'.repeat(bytes));
  }

  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, ['all']);
    server.serializeAttachment({ since: Date.now() });
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Everybody hears it once it is stored. */
  webSocketMessage(_socket, message) {
    this.ctx.storage.kv.put('last', message);
    for (const peer of this.ctx.getWebSockets()) peer.send(message);
  }

  webSocketClose(socket, code) {
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }
}

function big() {
  let left = BIG_CHUNKS;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(CHUNK.slice());
      left -= 1;
      if (left === 0) controller.close();
    },
  });
}

async function length(stream) {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.byteLength;
  return bytes;
}

export default {
  async fetch(request, env) {
    const [, action, name, key, bytes] = new URL(request.url).pathname.split('/');
    switch (action) {
      case 'room':
        return env.ROOM.getByName(name).fetch(request);
      case 'put':
        await env.ROOM.getByName(name).put(key, Number(bytes));
        return new Response('stored');
      case 'big':
        return new Response(big());
      case 'upload':
        return new Response(`${await length(request.body)}`);
      default:
        return new Response('?', { status: 404 });
    }
  },
};
