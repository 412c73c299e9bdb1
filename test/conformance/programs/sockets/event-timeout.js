import { DurableObject } from 'cloudflare:workers';

let instances = 0;

/** A room whose socket events may take so long, and commands that take longer. */
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.instance = ++instances;
    ctx.setHibernatableWebSocketEventTimeout(150);
  }

  async fetch(request) {
    if (request.headers.get('Upgrade') !== 'websocket') {
      return Response.json({
        sockets: this.ctx.getWebSockets().length,
        stored: await this.ctx.storage.get('k'),
        timeout: this.ctx.getHibernatableWebSocketEventTimeout(),
      });
    }
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(ws, message) {
    switch (message) {
      case 'echo':
        ws.send('echo');
        break;
      case 'quick':
        await scheduler.wait(1);
        ws.send('quick done');
        break;
      case 'hang':
        await this.ctx.storage.put('k', 'before');
        await new Promise(() => {});
        break;
      case 'wait':
        await scheduler.wait(1_000);
        ws.send('too late');
        break;
      case 'later':
        this.ctx.waitUntil(scheduler.wait(400).then(() => ws.send('later done')));
        break;
      case 'unset':
        this.ctx.setHibernatableWebSocketEventTimeout();
        await scheduler.wait(400);
        ws.send(`unset ${this.ctx.getHibernatableWebSocketEventTimeout()}`);
        break;
    }
  }
}

export default {
  fetch(request, env) {
    return env.ROOM.getByName(new URL(request.url).pathname).fetch(request);
  },
};
