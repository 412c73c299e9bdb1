import { DurableObject } from 'cloudflare:workers';

export interface Env {
  ROOM: DurableObjectNamespace<Room>;
}

/** What the room sends. */
export interface Said {
  from: string;
  text: string;
}

/** A room: all that is said reaches everybody in it; who comes later is told the last things. */
export class Room extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS said (sender TEXT, message TEXT)');
  }

  fetch(request: Request): Response {
    const name = new URL(request.url).searchParams.get('name');
    if (!name) return new Response('Who are you?', { status: 400 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [name]);
    server.serializeAttachment({ name });
    for (const said of this.last()) server.send(JSON.stringify(said));
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket: WebSocket, text: string | ArrayBuffer): void {
    const { name } = socket.deserializeAttachment() as { name: string };
    const said: Said = { from: name, text: String(text) };
    this.ctx.storage.sql.exec('INSERT INTO said VALUES (?, ?)', said.from, said.text);
    for (const one of this.ctx.getWebSockets()) one.send(JSON.stringify(said));
  }

  webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(code === 1005 ? 1000 : code, reason);
  }

  last(count = 10): Said[] {
    const { sql } = this.ctx.storage;
    const newest = 'SELECT sender, message FROM said ORDER BY rowid DESC LIMIT ?';
    return sql
      .exec(newest, count)
      .toArray()
      .map(({ sender, message }) => ({ from: String(sender), text: String(message) }))
      .reverse();
  }

  /** Everybody has to go. */
  shut(): void {
    for (const socket of this.ctx.getWebSockets()) socket.close(4000, 'closed for today');
  }
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    return env.ROOM.getByName(new URL(request.url).pathname).fetch(request);
  },
};
