import { DurableObject, RpcTarget } from 'cloudflare:workers';
import { greeting } from './greeting';

interface Env {
  GREETING: string;
  COUNTER: DurableObjectNamespace<Counter>;
  KV: KVNamespace;
  MAIL: SendEmail;
}

class View extends RpcTarget {
  constructor(private readonly counter: Counter) {
    super();
  }

  get inMemory() {
    return this.counter.inMemory;
  }
}

export class Counter extends DurableObject<Env> {
  inMemory = 0;

  async increment(by = 1): Promise<number> {
    this.inMemory += by;
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    return count;
  }

  fail(): never {
    throw new RangeError('too far');
  }

  hang(): Promise<never> {
    return new Promise(() => {});
  }

  stop(): void {
    queueMicrotask(() => this.ctx.abort('on purpose'));
  }

  /** What was counted, by mail. */
  async mail() {
    const count = await this.increment();
    const subject = `Count ${count}`;
    return this.env.MAIL.send({ from: 'bob@b.test', to: 'carl@c.test', subject, text: '' });
  }

  map() {
    return new Map([['a', new Uint8Array([1, 2])]]);
  }

  /** To be kept by who asks. */
  view(): View {
    return new View(this);
  }

  /** More than any buffer on the way takes. */
  pages(): ReadableStream<Uint8Array> {
    return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) });
  }

  remind(at: number): Promise<void> {
    return this.ctx.storage.setAlarm(at);
  }

  async alarm(): Promise<void> {
    await this.ctx.storage.put('rang', true);
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade') !== 'websocket') return new Response('plain'); // a branch not covered
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, ['all']);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    socket.send(`${this.inMemory} ${message}`);
  }

  webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
  }
}

export function unused(flag: boolean): string {
  if (flag) return 'a'; // never: not covered
  return 'b'; // never: not covered
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/outside') return fetch('https://example.com/data?x=1');
    ctx.waitUntil(env.KV.put('last', pathname));
    return new Response(`${greeting(env)} ${await env.COUNTER.getByName(pathname).increment()}`);
  },

  async email(message: ForwardableEmailMessage): Promise<void> {
    const subject = message.headers.get('subject');
    if (subject === 'spam') return message.setReject('not wanted');
    const reply = { from: message.to, subject: `Re: ${subject}`, text: 'Thanks.' };
    if (subject === 'question') await message.reply(reply);
  },

  async queue(batch: MessageBatch<string>): Promise<void> {
    for (const message of batch.messages) {
      if (message.body === 'bad') message.retry({ delaySeconds: 5 });
      else message.ack();
    }
  },
};
