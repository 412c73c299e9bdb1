// Stored stubs in a new process (allow_irrevocable_stub_storage): what is loaded then points to what it did, and is restored anew.
import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

/** Of this process. */
const log = [];
const take = () => log.splice(0);

class Counter extends RpcTarget {
  constructor(self, id) {
    super();
    this.self = self;
    this.id = id;
  }
  async add(amount) {
    const { storage } = this.self.ctx;
    const count = ((await storage.get(this.id)) ?? 0) + amount;
    await storage.put(this.id, count);
    return `${this.id}: ${count}`;
  }
}

function make(self, { kind, id, service, counter }) {
  const { exports, facets } = self.ctx;
  if (kind === 'counter') return new Counter(self, id);
  if (kind === 'service') return exports.Greeter({ props: { greeting: id } });
  if (kind === 'facet')
    return facets.get(id, () => ({ class: exports.Part({ props: { title: id } }) }));
  return (text) => Promise.all([service.greet(text), counter.add(text.length)]);
}

export class Greeter extends WorkerEntrypoint {
  greet(name) {
    return `${this.ctx.props.greeting}, ${name}`;
  }
  async ask(name) {
    const { inner, object } = this.ctx.props;
    return [await inner.greet(name), await object.describe()];
  }
  restores(params) {
    return this.ctx.restore(params);
  }
  [restore](params) {
    log.push(`Greeter ${this.ctx.props.greeting} restores ${params.kind}`);
    return make(this, params);
  }
}

export class Part extends DurableObject {
  async count() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return `${this.ctx.props.title}: ${count}`;
  }
  restores(params) {
    return this.ctx.restore(params);
  }
  [restore](params) {
    log.push(`Part ${this.ctx.props.title} restores ${params.kind}`);
    return make(this, params);
  }
}

export class Store extends DurableObject {
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }
  get(key) {
    return this.ctx.storage.get(key);
  }
  describe() {
    return `${this.ctx.id.name ?? 'no name'}`;
  }
  restores(params) {
    return this.ctx.restore(params);
  }
  call(method) {
    return this[method]();
  }
  [restore](params) {
    log.push(`Store ${this.ctx.id.name} restores ${params.kind}`);
    return make(this, params);
  }

  async putAll() {
    const { ctx } = this;
    const { exports, storage } = ctx;
    const service = exports.Greeter({ props: { greeting: 'kept' } });
    const counter = await ctx.restore({ kind: 'counter', id: 'c' });
    const facet = await ctx.restore({ kind: 'facet', id: 'f' });
    await storage.put({
      service,
      object: exports.Store.getByName('target'),
      class: exports.Part({ props: { title: 'class' } }),
      nested: exports.Greeter({
        props: { inner: service, object: exports.Store.getByName('nested') },
      }),
      counter,
      both: await ctx.restore({ kind: 'both', service, counter }),
      restored: await ctx.restore({ kind: 'service', id: 'restored' }),
      facet,
      chain: await facet.restores({ kind: 'counter', id: 'chained' }),
      static: await service.restores({ kind: 'service', id: 'by greeter' }),
      list: [{ service }, new Map([[1, counter]])],
    });
    return [await counter.add(1), await facet.count(), await this.classCount()];
  }
  async classCount() {
    const facet = this.ctx.facets.get('of class', async () => ({
      class: await this.ctx.storage.get('class'),
    }));
    return facet.count();
  }
  async useAll() {
    const { storage } = this.ctx;
    const [{ service }, map] = await storage.get('list');
    const use = async (key, call) => [
      key,
      await attempt(async () => call(await storage.get(key))),
      take(),
    ];
    return [
      await use('service', (stub) => stub.greet('Ann')),
      await use('object', (stub) => stub.describe()),
      await use('nested', (stub) => stub.ask('Ann')),
      await use('counter', (stub) => stub.add(1)),
      await use('both', (stub) => stub('text')),
      await use('restored', (stub) => stub.greet('Ann')),
      await use('facet', (stub) => stub.count()),
      await use('chain', (stub) => stub.add(1)),
      await use('static', (stub) => stub.greet('Ann')),
      await this.classCount(),
      await service.greet('in a list'),
      await map.get(1).add(1),
      [...(await storage.list()).keys()],
    ].map((shown) => JSON.stringify(shown, (_, value) => value?.text ?? value));
  }

  async setAlarm() {
    await this.ctx.storage.put('alarm', await this.ctx.restore({ kind: 'counter', id: 'rung' }));
    await this.ctx.storage.setAlarm(Date.now() + 1500);
  }
  async alarm() {
    const stub = await this.ctx.storage.get('alarm');
    await stub.add(1);
  }
  rung() {
    return this.ctx.storage.get('rung');
  }
}

const store = (ctx, name) => ctx.exports.Store.getByName(name);

const probes = {
  put: ({ ctx }) => store(ctx, 'main').call('putAll'),
  use: ({ ctx }) => store(ctx, 'main').call('useAll'),
  /** What one object stored is used by another, and by the Worker. */
  async give({ ctx }) {
    const other = store(ctx, 'other');
    for (const key of ['service', 'counter', 'restored', 'facet', 'chain'])
      await other.put(key, await store(ctx, 'main').get(key));
    return 'given';
  },
  async take({ ctx }) {
    const other = store(ctx, 'other');
    take();
    return [
      await (await other.get('service')).greet('Ann'),
      await (await other.get('counter')).add(1),
      await (await other.get('restored')).greet('Ann'),
      await (await other.get('facet')).count(),
      await (await other.get('chain')).add(1),
      take(),
    ];
  },
  'set-alarm': ({ ctx }) => store(ctx, 'alarm').call('setAlarm'),
  rung: ({ ctx }) => store(ctx, 'alarm').call('rung'),
};

export default {
  fetch(request, env, ctx) {
    return answer(probes, request, { env, ctx });
  },
};
