import { DurableObject } from 'cloudflare:workers';

interface Env {
  COUNTER: DurableObjectNamespace<Counter>;
}

/** Counts, and forgets its count an hour after the last increment. */
export class Counter extends DurableObject<Env> {
  async increment(by = 1): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
    return count;
  }

  async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    socket.send(String(await this.increment(Number(message))));
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const counter = env.COUNTER.getByName(pathname);
    if (request.headers.get('Upgrade') === 'websocket') return counter.fetch(request);
    return new Response(String(await counter.increment()));
  },
};
