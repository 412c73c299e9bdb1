// Compiled, never run. Each `@ts-expect-error` is a test: the line below it must not compile.
import {
  DurableObject,
  RpcTarget,
  WorkerEntrypoint,
  RpcStub,
  restore,
  waitUntil,
} from 'cloudflare:workers';

declare function is<T>(value: T): void;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(yes: Same<A, B>): void;

interface Env {
  COUNTER: DurableObjectNamespace<Counter>;
  UNTYPED: DurableObjectNamespace;
  GREETER: Service<Greeter>;
  NAME: string;
}

class Session extends RpcTarget {
  describe() {
    return { name: 'session', at: new Date() };
  }
}

class Counter extends DurableObject<Env> {
  own = 1;
  async increment(by: number): Promise<number> {
    const before = (await this.ctx.storage.get<number>('count')) ?? 0;
    await this.ctx.storage.put('count', before + by);
    same<typeof this.state, typeof this.ctx>(true);
    return before + by;
  }
  list(): { words: string[]; seen: Map<string, Date> } {
    return { words: [], seen: new Map() };
  }
  session() {
    return new Session();
  }
  subscribe(callback: (count: number) => void) {
    callback(1);
  }
  rows() {
    type Row = { id: number; word: string };
    const cursor = this.ctx.storage.sql.exec<Row>('SELECT id, word FROM words WHERE id > ?', 1);
    same<string[], typeof cursor.columnNames>(true);
    for (const row of cursor) same<string, typeof row.word>(true);
    // @ts-expect-error SQL has no dates
    this.ctx.storage.sql.exec<{ at: Date }>('SELECT at FROM words');
    return cursor.toArray();
  }
  async alarm(info?: AlarmInvocationInfo) {
    is<number | undefined>(info?.retryCount);
  }
  webSocketMessage(ws: WebSocket, message: string | ArrayBuffer) {
    ws.serializeAttachment({ length: typeof message === 'string' ? message.length : 0 });
  }
}

class Greeter extends WorkerEntrypoint<Env> {
  async greet(name: string) {
    waitUntil(Promise.resolve());
    return `Hello, ${name}, from ${this.env.NAME}`;
  }
  async remember(id: string): Promise<Rpc.Stub<Session>> {
    return this.ctx.restore({ id });
  }
  [restore]({ id }: { id: string }) {
    is<string>(id);
    return new Session();
  }
}

export default {
  async fetch(request, env, ctx) {
    const stub = env.COUNTER.getByName('a');
    is<DurableObjectId>(stub.id);
    same<number, Awaited<ReturnType<typeof stub.increment>>>(true);
    is<number>(await stub.increment(1));
    is<string[]>((await stub.list()).words);
    is<Map<string, Date>>((await stub.list()).seen);
    is<{ id: number; word: string }[]>(await stub.rows());
    await stub.subscribe((count) => is<number>(count));

    // A result that is passed by reference is a stub, and can be called before it has arrived.
    using session = await stub.session();
    is<string>((await session.describe()).name);
    is<string>((await stub.session().describe()).name);
    is<Rpc.Stub<Session>>(new RpcStub(new Session()));

    is<string>(await env.GREETER.greet('Ada'));
    is<Response>(
      await env.UNTYPED.get(env.UNTYPED.newUniqueId({ jurisdiction: 'eu' })).fetch(request),
    );

    // @ts-expect-error the argument is a number
    await stub.increment('1');
    // @ts-expect-error there is no such method
    await stub.decrement();
    // @ts-expect-error what is protected is not reachable
    await stub.ctx;
    // @ts-expect-error the runtime calls it, nobody else
    await stub.alarm();
    // @ts-expect-error a namespace without a class knows no methods
    await env.UNTYPED.getByName('a').increment(1);
    // @ts-expect-error not a jurisdiction
    env.COUNTER.newUniqueId({ jurisdiction: 'moon' });

    ctx.waitUntil(stub.increment(1));
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  },
} satisfies ExportedHandler<Env>;
