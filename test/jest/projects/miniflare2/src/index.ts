// The Worker of what miniflare 2 tested of Durable Objects.
import { DurableObject } from 'cloudflare:workers';

interface Env {
  ECHO: DurableObjectNamespace;
}

/** Has nothing of its own: tests run their code in it. */
export class Store extends DurableObject {
  rang: number[] = [];

  put(key: string, value: unknown, allowUnconfirmed: boolean): string {
    this.ctx.storage.put(key, value, { allowUnconfirmed });
    return 'written';
  }

  delete(key: string, allowUnconfirmed: boolean): string {
    this.ctx.storage.delete(key, { allowUnconfirmed });
    return 'deleted';
  }

  clear(): string {
    this.ctx.storage.deleteAll();
    return 'cleared';
  }

  remind(time: number, allowUnconfirmed: boolean): string {
    this.ctx.storage.setAlarm(time, { allowUnconfirmed });
    return 'set';
  }

  forget(): string {
    this.ctx.storage.deleteAlarm();
    return 'forgotten';
  }

  alarm(): void {
    this.rang.push(Date.now());
  }
}

/** Written before `DurableObject` was a class to extend; it has no alarm(). */
export class Legacy {
  constructor(private readonly state: DurableObjectState) {}

  fetch(request: Request): Response {
    return new Response(`${this.state.id.name} ${new URL(request.url).pathname}`);
  }
}

/** Says what it was asked, and asks others in turn. */
export class Echo extends DurableObject<Env> {
  requests = 0;
  events: string[] = [];
  opened = Promise.withResolvers<void>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    if (ctx.id.name !== 'slow') return;
    ctx.blockConcurrencyWhile(async () => {
      this.events.push('begins');
      await new Promise((resolve) => setTimeout(resolve, 1));
      this.events.push('begun');
    });
  }

  async fetch(request: Request): Promise<Response> {
    this.requests += 1;
    this.events.push('fetch');
    const depth = Number(request.headers.get('depth'));
    if (depth === 0)
      return new Response(`${this.ctx.id.name} ${this.requests} ${request.method} ${request.url}`);
    const next = this.env.ECHO.getByName(`depth ${depth - 1}`);
    const answer = await next.fetch(request.url, { headers: { depth: String(depth - 1) } });
    return new Response(`${depth} ${await answer.text()}`);
  }

  nothing(): void {}
}

/** Answers with something that is no response, or does not answer at all. */
export class Wordless {
  fetch?: unknown;

  constructor({ id }: DurableObjectState) {
    if (id.name !== 'deaf') this.fetch = () => 'surely a response';
  }
}

export class Room {
  received: unknown[] = [];

  fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener('message', ({ data }) => {
      this.received.push(data);
      server.send(`heard ${data}`);
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

/** Gives each caller a number that no other caller gets. */
export class Counter extends DurableObject {
  async #next(): Promise<number> {
    const next = (await this.ctx.storage.get<number>('next')) ?? 0;
    await this.ctx.storage.put('next', next + 1);
    return next;
  }

  async #after(url: string): Promise<number> {
    await fetch(url);
    return this.#next();
  }

  async fetch(request: Request): Promise<Response> {
    const outside = await request.text();
    if (outside === '') return new Response(String(await this.#next()));
    return Response.json(await Promise.all([this.#after(outside), this.#after(outside)]));
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    return new Response(`worker ${request.method} ${new URL(request.url).pathname}`);
  },
};
