// ChatRoom: one object per room. It sleeps while nobody talks; the connections stay open meanwhile.
import { DurableObject } from 'cloudflare:workers';
import type { Env } from './env';
import { History } from './history';
import type { FromRoom, Member } from './protocol';
import {
  Bucket,
  MAX_CONNECTIONS,
  MAX_TEXT_LENGTH,
  cleanNick,
  cleanText,
  parseFromPage,
} from './rules';

/** What is known about one connection. It is attached to the socket, so it outlives the instance. */
interface Attachment {
  nick: string;
  since: number;
}

export interface RoomStats {
  room: string;
  /** Names this instance: a room that was evicted, or whose server was restarted, has another one. */
  instance: string;
  instanceStartedAt: number;
  connections: number;
  members: Member[];
  messages: number;
}

export class ChatRoom extends DurableObject<Env> {
  readonly #history: History;
  readonly #instance = crypto.randomUUID();
  readonly #instanceStartedAt = Date.now();
  readonly #buckets = new WeakMap<WebSocket, Bucket>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#history = new History(ctx.storage.sql);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** A page connects. `since` is the last message it has seen. */
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket') {
      return new Response('Expected a WebSocket upgrade.\n', { status: 426 });
    }
    const nick = cleanNick(url.searchParams.get('nick'));
    if (nick === null) return new Response('A nick has 1 to 24 characters.\n', { status: 400 });
    if (this.ctx.getWebSockets().length >= MAX_CONNECTIONS) {
      return new Response('The room is full.\n', { status: 503 });
    }

    const isNew = this.#connectionsOf(nick).length === 0;
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [tagOf(nick)]);
    server.serializeAttachment({ nick, since: Date.now() } satisfies Attachment);

    const since = Number(url.searchParams.get('since')) || 0;
    const members = this.#members();
    const messages = this.#history.after(since);
    send(server, { type: 'welcome', room: this.#name(), nick, messages, members });
    if (isNew) {
      this.#broadcast({ type: 'members', members, joined: nick }, server);
      this.#report(members.length);
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(ws: WebSocket, frame: string | ArrayBuffer): Promise<void> {
    const said = parseFromPage(frame);
    const text = said && cleanText(said.text);
    if (!said || text === null) return send(ws, { type: 'refused', why: 'malformed' });
    const { key } = said;
    if (text.length > MAX_TEXT_LENGTH) return send(ws, { type: 'refused', why: 'too-long', key });

    const now = Date.now();
    const retryAfterMs = this.#bucketOf(ws, now).take(now);
    if (retryAfterMs > 0) return send(ws, { type: 'refused', why: 'too-fast', key, retryAfterMs });

    const { nick } = attachmentOf(ws);
    const { message, fresh } = this.#history.add(nick, text, key, now);
    // Nobody sees the message before it is on disk: what is sent waits for what was written before it.
    if (!fresh) return send(ws, { type: 'message', message });
    this.#broadcast({ type: 'message', message });
    if ((await this.ctx.storage.getAlarm()) === null) await this.#setPruneAlarm(now);
  }

  async webSocketClose(ws: WebSocket, code: number, reason: string): Promise<void> {
    // 1005 and 1006 say that no code was sent; they cannot be sent back.
    if (ws.readyState !== WebSocket.CLOSED)
      ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
    this.#left(ws);
  }

  async webSocketError(ws: WebSocket): Promise<void> {
    this.#left(ws);
  }

  /** Forgets old messages, and comes back for as long as there are any. */
  async alarm(): Promise<void> {
    const now = Date.now();
    const forgotten = this.#history.prune(now - Number(this.env.KEEP_SECONDS) * 1000);
    if (forgotten > 0) this.#broadcast({ type: 'pruned', firstId: this.#history.firstId() });
    if (this.#history.count() > 0) await this.#setPruneAlarm(now);
  }

  // The methods below are called by the Worker and by the lobby.

  async earlier(beforeId: number) {
    return this.#history.before(beforeId);
  }

  async headcount(): Promise<number> {
    return this.#members().length;
  }

  async stats(): Promise<RoomStats> {
    return {
      room: this.#name(),
      instance: this.#instance,
      instanceStartedAt: this.#instanceStartedAt,
      connections: this.ctx.getWebSockets().length,
      members: this.#members(),
      messages: this.#history.count(),
    };
  }

  #name(): string {
    return this.ctx.id.name ?? 'nameless';
  }

  /** The people with at least one connection, in the order they came. */
  #members(without?: WebSocket): Member[] {
    const members = new Map<string, Member>();
    for (const ws of this.ctx.getWebSockets()) {
      if (ws === without || ws.readyState !== WebSocket.OPEN) continue;
      const { nick, since } = attachmentOf(ws);
      const known = members.get(tagOf(nick));
      if (!known) members.set(tagOf(nick), { nick, since });
      else known.since = Math.min(known.since, since);
    }
    return [...members.values()].sort((a, b) => a.since - b.since);
  }

  #connectionsOf(nick: string, without?: WebSocket): WebSocket[] {
    return this.ctx
      .getWebSockets(tagOf(nick))
      .filter((ws) => ws !== without && ws.readyState === WebSocket.OPEN);
  }

  #left(ws: WebSocket): void {
    const { nick } = attachmentOf(ws);
    if (this.#connectionsOf(nick, ws).length > 0) return;
    const members = this.#members(ws);
    this.#broadcast({ type: 'members', members, left: nick }, ws);
    this.#report(members.length);
  }

  #broadcast(message: FromRoom, without?: WebSocket): void {
    const frame = JSON.stringify(message);
    for (const ws of this.ctx.getWebSockets()) {
      if (ws !== without && ws.readyState === WebSocket.OPEN) ws.send(frame);
    }
  }

  #bucketOf(ws: WebSocket, now: number): Bucket {
    let bucket = this.#buckets.get(ws);
    if (!bucket) this.#buckets.set(ws, (bucket = new Bucket(now)));
    return bucket;
  }

  #report(members: number): void {
    const lobby = this.env.LOBBY.getByName('lobby');
    this.ctx.waitUntil(lobby.report(this.#name(), members));
  }

  #setPruneAlarm(now: number): Promise<void> {
    return this.ctx.storage.setAlarm(now + Number(this.env.PRUNE_EVERY_SECONDS) * 1000);
  }
}

function attachmentOf(ws: WebSocket): Attachment {
  return ws.deserializeAttachment() as Attachment;
}

/** Two spellings of one nick are one person. */
function tagOf(nick: string): string {
  return `nick:${nick.toLowerCase()}`;
}

function send(ws: WebSocket, message: FromRoom): void {
  ws.send(JSON.stringify(message));
}
