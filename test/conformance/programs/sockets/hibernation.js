import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** A room: every socket has an attachment and tags from its address; commands come as messages. */
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.bornWith = ctx.getWebSockets().length;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  async fetch(request) {
    const url = new URL(request.url);
    if (request.headers.get('Upgrade') !== 'websocket') return this.#report(url);
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, url.searchParams.getAll('tag'));
    server.serializeAttachment({ name: url.searchParams.get('name') });
    if (url.searchParams.has('greet')) server.send('welcome');
    return new Response(null, { status: 101, webSocket: client });
  }

  async #report(url) {
    const tag = url.searchParams.get('tag');
    const sockets = tag === null ? this.ctx.getWebSockets() : this.ctx.getWebSockets(tag);
    const names = sockets.map((ws) => `${ws.deserializeAttachment().name}:${ws.readyState}`);
    return Response.json({ names, closes: (await this.ctx.storage.get('closes')) ?? [] });
  }

  async webSocketMessage(ws, message) {
    if (typeof message !== 'string') {
      ws.send(show(message));
      return;
    }
    const [command, argument] = message.split(' ');
    switch (command) {
      case 'echo':
        ws.send(`echo ${argument}`);
        break;
      case 'broadcast':
        for (const peer of this.ctx.getWebSockets()) {
          peer.send(`${ws.deserializeAttachment().name}: ${argument}`);
        }
        break;
      case 'tagged':
        for (const peer of this.ctx.getWebSockets(argument)) peer.send(`for ${argument}`);
        break;
      case 'who':
        ws.send(
          show({
            tags: this.ctx.getTags(ws),
            attachment: ws.deserializeAttachment(),
            expando: ws.expando,
            bornWith: this.bornWith,
            same: this.ctx.getWebSockets().includes(ws),
            name: this.ctx.id.name,
          }),
        );
        ws.expando = 'kept while awake';
        break;
      case 'timestamp':
        ws.send(show([typeof this.ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime()]));
        break;
      case 'close':
        ws.close(Number(argument), 'as you asked');
        break;
      case 'throw':
        throw new Error('in webSocketMessage');
      case 'slow':
        await scheduler.wait(200);
        ws.send('slow done');
        break;
      case 'store':
        await this.ctx.storage.put('k', argument);
        ws.send(`stored ${await this.ctx.storage.get('k')}`);
        break;
      case 'abort':
        this.ctx.abort('abort from a message');
        break;
      case 'delete-all':
        await this.ctx.storage.deleteAll();
        ws.send('deleted');
        break;
    }
  }

  async webSocketClose(ws, code, reason, wasClean) {
    const closes = (await this.ctx.storage.get('closes')) ?? [];
    const here = this.ctx.getWebSockets().includes(ws);
    closes.push(
      [ws.deserializeAttachment().name, code, reason, wasClean, ws.readyState, here].join(' '),
    );
    await this.ctx.storage.put('closes', closes);
    if (reason !== 'do not answer')
      ws.close(code === 1005 || code === 1006 ? 1000 : code, `re: ${reason}`);
  }
}

/** A class without any webSocket handler. */
export class Silent extends DurableObject {
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    server.addEventListener('message', () => server.send('listeners do not fire'));
    server.send('hello from the silent');
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  fetch(request, env) {
    const [, room] = new URL(request.url).pathname.split('/');
    return room === 'silent'
      ? env.SILENT.getByName('s').fetch(request)
      : env.ROOM.getByName(room).fetch(request);
  },
};
