// Compiled, never run.
import {
  createRuntime,
  DurableObject,
  type NodeRequest,
  type NodeResponse,
  type Runtime,
} from 'holdfast';
import { DurableObject as SameDurableObject } from 'holdfast/workers';
import 'holdfast/register';
import 'holdfast/globals';

declare function is<T>(value: T): void;

class Counter extends DurableObject {
  async increment() {
    return 1;
  }
}
class Other extends SameDurableObject {
  constructor(ctx: DurableObjectState, env: { NAME: string }) {
    super(ctx, env);
  }
  name() {
    return 'other';
  }
  async anything(): Promise<any> {
    return 1;
  }
  snapshot() {
    return this.ctx.storage.snapshot();
  }
  parsed() {
    return JSON.parse('{}');
  }
}

// S4.13
async function pointInTime(ctx: DurableObjectState) {
  is<string>(
    await ctx.storage.onNextSessionRestoreBookmark(await ctx.storage.getCurrentBookmark()),
  );
  const snapshot = await ctx.storage.snapshot(await ctx.storage.getBookmarkForTime(new Date()));
  is<string>(await ctx.onNextSessionRestore(snapshot));
  // @ts-expect-error a bookmark is no snapshot
  await ctx.onNextSessionRestore(await ctx.storage.getCurrentBookmark());
}

// S1.15
async function facets(ctx: DurableObjectState, specifier: LoopbackDurableObjectClass<Counter>) {
  const counter = ctx.facets.get('a', () => ({ class: specifier }));
  is<number>(await counter.increment());
  is<Response>(await counter.fetch('http://x/'));
  const other = ctx.facets.get('b', async () => ({
    class: specifier({ props: { a: 1 } }),
    id: 'abc',
  }));
  is<number>(await other.increment());
  ctx.facets.abort('a', new Error('enough'));
  ctx.facets.delete('b');
  ctx.facets.clone('a', 'b');
  // @ts-expect-error the options name a class
  ctx.facets.get('c', () => ({ id: 'abc' }));
  // @ts-expect-error there is no such method
  await counter.decrement();
}

async function main() {
  await using runtime = await createRuntime({
    durableObjects: { COUNTER: Counter, OTHER: Other },
    dataDir: 'data',
    idleEvictionMs: 1000,
    retentionMs: 86_400_000,
    durability: 'system',
  });
  is<number>(await runtime.env.COUNTER.getByName('a').increment());
  is<string>(
    await runtime.env.OTHER.getByName('a')
      .fetch('http://x/')
      .then((r) => r.text()),
  );
  is<number>((await runtime.env.OTHER.getByName('a').anything()).of.any.shape);
  is<string>(await runtime.env.OTHER.getByName('a').parsed());
  is<DurableObjectSnapshot>(await runtime.env.OTHER.getByName('a').snapshot());
  // @ts-expect-error there is no such binding
  runtime.env.NOTHING;
  // @ts-expect-error a port is a number
  await runtime.listen({ port: '8787' });
  const { url, port } = await runtime.listen({ port: 0, host: '127.0.0.1' });
  is<string>(url);
  await runtime.listen({ path: '/run/worker.sock' });
  await runtime.listen({ port: 0, reusePort: true });
  await runtime.listen({ port: 0, tls: { certFile: 'cert.pem', keyFile: 'key.pem' } });
  // @ts-expect-error a certificate has a key
  await runtime.listen({ port: 0, tls: { certFile: 'cert.pem' } });
  const listener: (request: NodeRequest, response: NodeResponse) => void = runtime.requestListener;
  void listener;
  // @ts-expect-error the bytes behind the head are missing
  runtime.handleUpgrade({ rawHeaders: [] }, { writable: true, destroy: () => {} });
  is<number>(port);

  const project: Runtime = await createRuntime({
    config: 'wrangler.toml',
    env: 'staging',
    trustedProxies: 1,
    development: true,
  });
  is<Response>(await project.fetch('http://localhost/'));
  await project.env.ANYTHING.getByName('a').whatever();
  await project.close();

  await createRuntime({ config: '.', bindings: { AI: { run: async () => 'text' }, LIMIT: 5 } });
  await createRuntime({ config: ['a', 'b'], deleteClasses: true, adoptMigrations: false });
  // @ts-expect-error not a class of durable objects
  await createRuntime({ durableObjects: { DATE: Date } });
  // @ts-expect-error not a kind of durability
  await createRuntime({ durability: 'none' });
  // @ts-expect-error no such option
  await createRuntime({ dataDirectory: 'data' });
}
void main;
