// ctx.restore(): stubs that are stored as a call of [restore](), which is made again when they are used (allow_irrevocable_stub_storage).
import {
  DurableObject,
  RpcStub,
  ServiceStub,
  WorkerEntrypoint,
  exports as importedExports,
  restore,
} from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';
import { Counter, kept, log, make, take } from '../restored-kinds.js';

export class Greeter extends WorkerEntrypoint {
  greet(name) {
    return `${this.ctx.props.greeting}, ${name}`;
  }
  useProps(name) {
    return this.ctx.props.counter.add(name);
  }
  fetch(request) {
    return new Response(
      `${request.method} ${new URL(request.url).pathname} by ${this.ctx.props.greeting}`,
    );
  }
  connect(socket) {
    return say(socket, `connected to ${this.ctx.props.greeting}`);
  }
  async restores(params) {
    return await this.ctx.restore(params);
  }
  [restore](params) {
    log.push(`Greeter ${this.ctx.props.greeting} restores ${params.kind}`);
    return make(this, params);
  }
}

/** Reads what a connection to a stub gives. */
async function textOf(readable) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of readable) text += decoder.decode(chunk, { stream: true });
  return text;
}

async function say(socket, text) {
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
}

export class Part extends DurableObject {
  #calls = 0;

  describe() {
    this.#calls += 1;
    return `${this.ctx.props.title} ${this.#calls}`;
  }
  fetch() {
    return new Response(`fetched from ${this.ctx.props.title}`);
  }
  connect(socket) {
    return say(socket, `connected to ${this.ctx.props.title}`);
  }
  async restores(params) {
    return await this.ctx.restore(params);
  }
  [restore](params) {
    log.push(`Part ${this.ctx.props.title} restores ${params.kind}`);
    return make(this, params);
  }
}

export class NoRestore extends WorkerEntrypoint {
  restores(params) {
    return this.ctx.restore(params);
  }
}

export class NoMethod extends WorkerEntrypoint {
  [restore] = 5;
  restores(params) {
    return this.ctx.restore(params);
  }
}

export class ReceiverOf extends WorkerEntrypoint {
  async store(name, stub) {
    const store = this.ctx.exports.Store.getByName(name);
    await store.put('stub', stub);
    return store.use('stub', 1);
  }
  use(stub) {
    return stub.add(1);
  }
}

export class Store extends DurableObject {
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }
  get(key) {
    return this.ctx.storage.get(key);
  }
  async use(key, amount) {
    const stub = await this.ctx.storage.get(key);
    return stub.add(amount);
  }
  describe() {
    return `object ${this.ctx.id.name}`;
  }
  async restores(params) {
    return await this.ctx.restore(params);
  }
  async run(name, args) {
    return show(await runs[name](this, ...args)).split('\n');
  }
  [restore](params) {
    log.push(`${this.constructor.name} ${this.ctx.id.name} restores ${params.kind}`);
    return make(this, params);
  }
}

export class Legacy extends Store {}

const kindOf = (value) => [
  typeof value,
  Object.prototype.toString.call(value),
  value instanceof ServiceStub,
  value instanceof RpcStub,
];

/** Uses what was restored or loaded. */
async function use(stub, kind) {
  if (['service', 'loopback', 'env-service'].includes(kind)) return stub.greet('Ann');
  if (kind === 'object' || kind === 'facet') return stub.describe();
  return stub.add(2);
}

const runs = {
  /** Made, used, stored, loaded, used. */
  async 'round-trip'({ ctx }, kind) {
    const id = `of ${kind}`;
    const stub = await ctx.restore({ kind, id });
    const shown = [
      kindOf(stub),
      take(),
      await attempt(() => use(stub, kind)),
      await attempt(() => use(stub, kind)),
    ];
    shown.push(await attempt(() => ctx.storage.put('stub', stub)), take());
    const loaded = await ctx.storage.get('stub');
    shown.push(kindOf(loaded), take());
    shown.push(
      await attempt(() => use(loaded, kind)),
      take(),
      await attempt(() => use(loaded, kind)),
      take(),
    );
    return shown;
  },
  async dup({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'dup' });
    await ctx.storage.put('stub', stub.dup());
    const loaded = await ctx.storage.get('stub');
    const early = loaded.dup();
    const shown = [await stub.add(1), await loaded.add(1), await early.add(1), await loaded.add(1)];
    const late = loaded.dup();
    shown.push(
      await late.add(1),
      await attempt(() => ctx.storage.put('late', late)),
      await (await ctx.storage.get('late')).add(1),
    );
    return [shown, take()];
  },
  async dispose({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'watched' });
    await ctx.storage.put('stub', stub);
    stub[Symbol.dispose]();
    await scheduler.wait(10);
    const shown = [
      take(),
      await attempt(() => stub.add(1)),
      await attempt(() => ctx.storage.put('x', stub)),
    ];
    const loaded = await ctx.storage.get('stub');
    await loaded.add(1);
    const other = loaded.dup();
    loaded[Symbol.dispose]();
    await scheduler.wait(10);
    shown.push(take(), await attempt(() => loaded.add(1)), await other.add(1));
    other[Symbol.dispose]();
    await scheduler.wait(10);
    shown.push(take());
    const unused = await ctx.storage.get('stub');
    unused[Symbol.dispose]();
    shown.push(await attempt(() => unused.add(1)), take());
    return shown;
  },
  async 'rpc-of-loaded'({ ctx }) {
    await ctx.storage.put('stub', await ctx.restore({ kind: 'rpc', id: 'a' }));
    const stub = await ctx.storage.get('stub');
    const both = await Promise.all([stub.add(1), stub.add(2), stub.size]);
    const inner = await stub.inner().add(3);
    return [
      both,
      inner,
      await attempt(() => stub.fail()),
      await attempt(() => stub.nothing()),
      await stub.call((text) => `called back ${text}`),
      take(),
    ];
  },
  async nested({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'a' });
    const service = await ctx.restore({ kind: 'service', id: 's' });
    await ctx.storage.put('value', {
      list: [stub, stub],
      service,
      map: new Map([['k', stub.dup()]]),
    });
    const value = await ctx.storage.get('value');
    return [
      value.list[0] === value.list[1],
      value.list[0] === value.map.get('k'),
      await value.list[0].add(1),
      await value.list[1].add(1),
      await value.map.get('k').add(1),
      await value.service.greet('Ann'),
      take(),
    ];
  },
  async fetch({ ctx }) {
    const shown = [];
    for (const kind of ['service', 'facet']) {
      const stub = await ctx.restore({ kind, id: kind });
      await ctx.storage.put('stub', stub);
      const loaded = await ctx.storage.get('stub');
      for (const one of [stub, loaded]) {
        const response = await one.fetch('http://x/path', { method: 'POST', body: 'body' });
        shown.push(response.status, await response.text());
      }
      shown.push(take());
    }
    return shown;
  },
  async connect({ ctx }) {
    const shown = [];
    for (const kind of ['service', 'facet']) {
      const stub = await ctx.restore({ kind, id: kind });
      await ctx.storage.put('stub', stub);
      const loaded = await ctx.storage.get('stub');
      for (const one of [stub, loaded, loaded])
        shown.push(await attempt(() => textOf(one.connect('x:1').readable)));
      shown.push(take());
    }
    await ctx.storage.put(
      'stub',
      await ctx.restore({ kind: 'first-time', id: 'connect', first: 'service', then: 'rpc' }),
    );
    const broken = (await ctx.storage.get('stub')).connect('x:1');
    shown.push(await attempt(() => textOf(broken.readable)), await attempt(() => broken.closed));
    return shown;
  },
  async params({ ctx }) {
    const given = { kind: 'changes', id: 'p', date: new Date(5) };
    const stub = await ctx.restore(given);
    await ctx.storage.put('stub', stub);
    const loaded = await ctx.storage.get('stub');
    const again = await ctx.storage.get('stub');
    return [given, await stub.add(1), await loaded.add(1), await again.add(1)];
  },
  async 'params-caps'({ ctx }) {
    const counter = await ctx.restore({ kind: 'rpc', id: 'in params' });
    const service = ctx.exports.Greeter({ props: { greeting: 'param' } });
    const stub = await ctx.restore({ kind: 'caps', service, counter });
    const shown = [await stub.add(1), await stub.add(2), take()];
    await ctx.storage.put('stub', stub);
    const loaded = await ctx.storage.get('stub');
    shown.push(await loaded.add(1), await loaded.add(2), take());
    return shown;
  },
  async 'bad-params'({ ctx, env }) {
    const shown = [];
    const bad = [
      undefined,
      null,
      5,
      'text',
      [1],
      () => 1,
      { kind: 'rpc', fn: () => 1 },
      { kind: 'rpc', stub: new RpcStub(new Counter('plain')) },
      { kind: 'rpc', target: new Counter('plain') },
      { kind: 'rpc', symbol: Symbol('s') },
      { kind: 'rpc', id: 'env', service: env.NAMED },
      {
        kind: 'rpc',
        id: 'facet',
        service: ctx.facets.get('f', () => ({ class: ctx.exports.Part })),
      },
    ];
    for (const params of bad) {
      shown.push(await attempt(async () => typeof (await ctx.restore(params))), take());
    }
    shown.push(
      await attempt(() => ctx.restore()),
      attemptSync(() => Object.prototype.toString.call(ctx.restore())),
    );
    const stub = await ctx.restore({ kind: 'rpc', id: 'env', service: env.NAMED });
    shown.push(
      await stub.add(1),
      await attempt(() => ctx.storage.put('x', stub)),
      (await ctx.storage.get('x')) ?? 'nothing',
    );
    return shown;
  },
  async results({ ctx }) {
    const shown = [];
    for (const kind of [
      'nothing',
      'null',
      'number',
      'empty',
      'namespace',
      'class',
      'property',
      'promise',
      'throws',
      'rejects',
      'later',
      'again',
      'plain',
    ])
      shown.push([kind, await attempt(async () => kindOf(await ctx.restore({ kind, id: kind })))]);
    return [shown, take()];
  },
  /** `first`: what it gives the first time, `then`: later. */
  async changed({ ctx }, first, then) {
    const stub = await ctx.restore({ kind: 'first-time', id: `${first} ${then}`, first, then });
    await ctx.storage.put('stub', stub);
    const loaded = await ctx.storage.get('stub');
    const again = await ctx.storage.get('stub');
    const method = first === 'service' ? 'greet' : 'add';
    return [
      await attempt(() => loaded[method](1)),
      await attempt(() => loaded[method](1)),
      await attempt(() => again[method](1)),
      first === 'service' ? await attempt(() => loaded.fetch('http://x/')) : 'no fetch',
      take(),
    ];
  },
  async 'in-props'({ ctx }) {
    const counter = await ctx.restore({ kind: 'rpc', id: 'in props' });
    const stub = ctx.exports.Greeter({ props: { counter } });
    const shown = [await stub.useProps(1), await stub.useProps(1), take()];
    await ctx.storage.put('stub', stub);
    const loaded = await ctx.storage.get('stub');
    shown.push(await loaded.useProps(1), take());
    return shown;
  },
  async 'facet-chain'({ ctx }) {
    const facet = await ctx.restore({ kind: 'facet', id: 'chained' });
    const inner = await facet.restores({ kind: 'rpc', id: 'inner' });
    const service = await facet.restores({ kind: 'service', id: 'inner service' });
    const shown = [take(), await inner.add(1), await service.greet('Ann')];
    await ctx.storage.put('inner', [inner, service]);
    const [loaded, loadedService] = await ctx.storage.get('inner');
    shown.push(await loaded.add(1), take(), await loadedService.greet('Bob'), take());
    return shown;
  },
  async 'facet-direct'({ ctx }) {
    const facet = ctx.facets.get('direct', () => ({
      class: ctx.exports.Part({ props: { title: 'direct' } }),
    }));
    return [
      await attempt(() => facet.restores({ kind: 'rpc' })),
      await attempt(() => facet.restores({ kind: 'throws' })),
      take(),
    ];
  },
  async 'facet-stub-over-rpc'({ ctx }) {
    const facet = await ctx.restore({ kind: 'facet', id: 'over RPC' });
    const other = ctx.exports.Store.getByName('gets a facet');
    await other.put('facet', facet);
    const back = await other.get('facet');
    return [
      await facet.describe(),
      await back.describe(),
      await (await other.get('facet')).describe(),
      take(),
    ];
  },
  async static({ ctx }) {
    const redirected = await ctx.restore({ kind: 'service', id: 'static' });
    const inner = await redirected.restores({ kind: 'rpc', id: 'inner' });
    await ctx.storage.put('stub', inner);
    take();
    return [await (await ctx.storage.get('stub')).add(1), take()];
  },
  async 'own-receiver'({ ctx }) {
    const { restore: alone } = ctx;
    return [
      await attempt(async () => kindOf(await alone.call(ctx, { kind: 'rpc' }))),
      ['restore' in ctx, Object.hasOwn(ctx, 'restore'), ctx.restore.length, ctx.restore.name],
    ];
  },
};

const store = (ctx, name) => ctx.exports.Store.getByName(name);
function run(ctx, name, ...args) {
  take();
  return store(ctx, `${name} ${args}`).run(name, args);
}

const probes = {
  ...Object.fromEntries(
    Object.keys(runs)
      .filter((name) => runs[name].length === 1)
      .map((name) => [name, ({ ctx }) => run(ctx, name)]),
  ),
  ...Object.fromEntries(
    [
      'rpc',
      'target',
      'function',
      'plain',
      'service',
      'loopback',
      'object',
      'env-service',
      'facet',
    ].map((kind) => [`round-trip-${kind}`, ({ ctx }) => run(ctx, 'round-trip', kind)]),
  ),
  ...Object.fromEntries(
    [
      ['service', 'rpc'],
      ['rpc', 'service'],
      ['rpc', 'throws'],
      ['service', 'rejects'],
      ['rpc', 'number'],
    ].map(([first, then]) => [
      `changed-${first}-${then}`,
      ({ ctx }) => run(ctx, 'changed', first, then),
    ]),
  ),
  async entrypoint({ ctx }) {
    const greeter = ctx.exports.Greeter({ props: { greeting: 'Hi' } });
    const shown = [];
    for (const kind of ['rpc', 'service', 'object']) {
      const stub = await greeter.restores({ kind, id: kind });
      const one = store(ctx, `entrypoint ${kind}`);
      await one.put('stub', stub);
      const loaded = await one.get('stub');
      shown.push(kindOf(loaded), await use(loaded, kind), take());
    }
    return shown;
  },
  async 'no-method'({ ctx }) {
    return [
      await attempt(() => ctx.exports.NoRestore.restores({ kind: 'rpc' })),
      await attempt(() => ctx.exports.NoMethod.restores({ kind: 'rpc' })),
      await attempt(() => store(ctx, 'none').restores({ kind: 'throws' })),
    ];
  },
  async handlers({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'of handlers' });
    const one = store(ctx, 'handlers');
    await one.put('stub', stub);
    return [
      await stub.add(1),
      await one.use('stub', 1),
      take(),
      typeof restore,
      String(restore),
      restore.description,
    ];
  },
  async 'over-rpc'({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'over RPC' });
    const shown = [
      await ctx.exports.ReceiverOf.use(stub),
      await ctx.exports.ReceiverOf.store('by receiver', stub),
      take(),
    ];
    const service = await ctx.restore({ kind: 'service', id: 'service' });
    await store(ctx, 'by receiver').put('service', service);
    const back = await store(ctx, 'by receiver').get('service');
    shown.push(take(), await back.greet('Ann'), await back.greet('Bob'), take());
    return shown;
  },
  async 'given-by-object'({ ctx }) {
    const stub = await store(ctx, 'gives').restores({ kind: 'rpc', id: 'given' });
    const shown = [await stub.add(1), take()];
    await store(ctx, 'gives').put('stub', stub);
    const loaded = await store(ctx, 'gives').get('stub');
    shown.push(await loaded.add(1), take());
    return shown;
  },
  async legacy({ ctx }) {
    const legacy = ctx.exports.Legacy.getByName('legacy');
    const put = async (kind) =>
      attempt(async () => legacy.put(kind, await ctx.restore({ kind, id: kind })));
    return [
      await put('rpc'),
      await attempt(() => legacy.use('rpc', 1)),
      await put('service'),
      await attempt(async () => (await legacy.get('service')).greet('Ann')),
      await attempt(async () => (await legacy.restores({ kind: 'rpc', id: 'of legacy' })).add(1)),
      take(),
    ];
  },
  /** Kept by one request, used by another. */
  async keep({ ctx }) {
    const one = store(ctx, 'owned');
    const service = await ctx.restore({ kind: 'service', id: 'owned' });
    const rpc = await ctx.restore({ kind: 'rpc', id: 'owned' });
    await one.put('service', service);
    await one.put('rpc', rpc);
    kept.set('stubs', {
      made: ctx.exports.Greeter({ props: { greeting: 'made' } }),
      object: ctx.exports.Store.getByName('owned object'),
      service,
      rpc,
      loadedService: await one.get('service'),
      loadedRpc: await one.get('rpc'),
      klass: ctx.exports.Part({ props: {} }),
    });
    return 'kept';
  },
  async 'use-kept'({ ctx }) {
    const stubs = kept.get('stubs');
    const call = {
      made: 'greet',
      object: 'describe',
      service: 'greet',
      rpc: 'add',
      loadedService: 'greet',
      loadedRpc: 'add',
    };
    const shown = [];
    for (const [name, method] of Object.entries(call)) {
      shown.push(name, await attempt(() => stubs[name][method](1)));
      shown.push(await attempt(() => store(ctx, 'owned').put('other', stubs[name])));
    }
    return [shown, await attempt(() => store(ctx, 'owned').put('other', stubs.klass))];
  },
  async 'of-worker'({ ctx }) {
    const stub = await ctx.restore({ kind: 'rpc', id: 'w' });
    return [
      await stub.add(1),
      attemptSync(() => typeof ctx.restore),
      [Object.hasOwn(ctx, 'restore'), ctx.restore.length, ctx.restore.name],
    ];
  },
  take: () => take(),
};

export default {
  fetch(request, env, ctx) {
    return answer(probes, request, { env, ctx });
  },
  [restore](params, ...rest) {
    log.push(`the handlers restore ${params.kind} ${rest.length} ${typeof this?.fetch}`);
    return make({ ctx: { exports: importedExports } }, params);
  },
};
