import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** What a standard socket saw after its connection was over, by the name of the room. */
const ends = new Map();

/** A room whose sockets say what the others get; commands come as messages. */
export class Room extends DurableObject {
  async fetch(request) {
    const url = new URL(request.url);
    if (request.headers.get('Upgrade') !== 'websocket') return this.#report(url);
    const [client, server] = Object.values(new WebSocketPair());
    if (url.searchParams.has('standard')) this.#listen(server);
    else this.ctx.acceptWebSocket(server);
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    return new Response(null, { status: 101, webSocket: client });
  }

  #report(url) {
    if (url.searchParams.has('ends')) return Response.json(ends.get(url.pathname) ?? 'none yet');
    const attachments = this.ctx.getWebSockets().map((ws) => ws.deserializeAttachment());
    return new Response(show({ attachments, stored: [...this.ctx.storage.kv.list()] }));
  }

  #listen(server) {
    server.accept();
    server.addEventListener('message', () => this.ctx.abort('as asked'));
    server.addEventListener('close', ({ code, reason, wasClean }) =>
      ends.set(`/${this.ctx.id.name}`, { code, reason, wasClean }),
    );
  }

  webSocketMessage(ws, command) {
    this[command](ws, this.ctx.getWebSockets());
  }

  webSocketClose(ws, code) {
    ws.close(code);
  }

  /** Several messages to everybody in one turn, text and bytes, with a write in between. */
  burst(ws, room) {
    const bytes = new Uint8Array([1]);
    for (const text of ['one', 'one', 'two']) for (const peer of room) peer.send(text);
    for (const peer of room) {
      peer.send(bytes);
      bytes[0] += 1;
    }
    this.ctx.storage.kv.put('k', 1);
    for (const peer of room) peer.send('after the write');
    ws.send('only you');
    for (const peer of room) peer.send('after the write');
    for (const peer of room) peer.send('');
    for (const peer of room) peer.send(new ArrayBuffer(0));
  }

  /** The messages before a close in the same loop. */
  leave(_ws, room) {
    for (const peer of room) {
      peer.send('good bye');
      if (peer !== room[0]) peer.close(4000, 'out');
    }
    for (const peer of room) if (peer.readyState === 1) peer.send('still here');
  }

  same(ws, room) {
    room[0].mark = 'mine';
    const again = this.ctx.getWebSockets();
    ws.send(show([again[0] === room[0], again[0].mark, again.includes(ws), again === room]));
  }

  stamp(ws) {
    const at = this.ctx.getWebSocketAutoResponseTimestamp(ws);
    const isRecent = at !== null && Math.abs(at - Date.now()) < 60_000;
    ws.send(show([at === null, at instanceof Date, isRecent]));
  }

  write(ws) {
    for (let i = 0; i < 20; i += 1) this.ctx.storage.kv.put(`k${i}`, i);
    ws.send('written');
  }

  attach(ws) {
    ws.serializeAttachment({ of: 'this connection' });
    ws.send('attached');
  }
}

export default {
  fetch(request, env) {
    return env.ROOM.getByName(new URL(request.url).pathname.slice(1)).fetch(request);
  },
};
