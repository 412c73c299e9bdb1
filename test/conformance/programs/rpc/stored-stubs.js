// Stubs of ctx.exports in storage (allow_irrevocable_stub_storage): which can be stored, where, and what comes back.
import {
  DurableObject,
  RpcStub,
  RpcTarget,
  ServiceStub,
  WorkerEntrypoint,
} from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

export class Greeter extends WorkerEntrypoint {
  greet(name) {
    return `${this.ctx.props.greeting ?? 'no greeting'}, ${name}`;
  }
  async greetTwice(name) {
    return `${await this.ctx.props.first.greet(name)} and ${await this.ctx.props.second.greet(name)}`;
  }
  shown() {
    return this.ctx.props;
  }
  change() {
    this.ctx.props.changed = (this.ctx.props.changed ?? 0) + 1;
    return this.ctx.props.changed;
  }
  fetch(request) {
    return new Response(
      `${request.method} ${new URL(request.url).pathname} ${this.ctx.props.greeting}`,
    );
  }
  fail() {
    throw new RangeError('the greeter fails');
  }
  self() {
    return this.ctx.exports.Greeter({ props: { greeting: 'self' } });
  }
}

export class Part extends DurableObject {
  describe(text) {
    return `${this.ctx.props.title ?? 'untitled'} ${text}`;
  }
  async count() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

export class NoSpace extends DurableObject {}

class Target extends RpcTarget {
  hello() {
    return 'hello';
  }
}

class Keeper extends DurableObject {
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }
  get(key) {
    return this.ctx.storage.get(key);
  }
  remove(key) {
    return this.ctx.storage.delete(key);
  }
  called(key, method, ...args) {
    return this.ctx.storage.get(key).then((stub) => stub[method](...args));
  }
  describe() {
    return { id: this.ctx.id.name ?? 'no name', kind: this.constructor.name };
  }
  /** What it shows does not go over RPC. */
  async run(name) {
    return show(await runs[name](this)).split('\n');
  }
}

export class Store extends Keeper {}
export class Legacy extends Keeper {}

const kindOf = (value) => [
  typeof value,
  Object.prototype.toString.call(value),
  value instanceof ServiceStub,
  value instanceof RpcStub,
];

/** Inside of an object. */
const runs = {
  async own(self) {
    const { exports, storage } = self.ctx;
    const service = exports.Greeter({ props: { greeting: 'Yo' } });
    await storage.put('service', service);
    await storage.put('object', exports.Store.getByName('target'));
    await storage.put('class', exports.Part({ props: { title: 'A' } }));
    const loaded = await storage.get(['service', 'object', 'class']);
    return [
      [...loaded].map(([key, value]) => [key, ...kindOf(value)]),
      await loaded.get('service').greet('Ann'),
      await loaded.get('object').describe(),
      Object.keys(loaded.get('object')),
      (await storage.get('service')) === (await storage.get('service')),
    ];
  },
  async nested(self) {
    const { exports, storage } = self.ctx;
    const service = exports.Greeter({ props: { greeting: 'Yo' } });
    const value = {
      list: [service, { service }],
      map: new Map([['s', service]]),
      set: new Set([service]),
    };
    await storage.put('nested', value);
    const { list, map, set } = await storage.get('nested');
    return [
      list[0] === list[1].service,
      list[0] === map.get('s'),
      [...set][0] === list[0],
      list[0] === service,
      await list[0].greet('Ann'),
      await map.get('s').greet('Bob'),
    ];
  },
  async ways(self) {
    const { exports, storage } = self.ctx;
    const service = (greeting) => exports.Greeter({ props: { greeting } });
    storage.kv.put('a', service('kv'));
    await storage.put({ b: service('entries'), c: 1 });
    await storage.transaction(async (txn) => {
      await txn.put('d', service('txn'));
      await txn.put('e', await txn.get('d'));
    });
    await attempt(() =>
      storage.transaction(async (txn) => {
        await txn.put('d', service('lost'));
        throw new Error('rolled back');
      }),
    );
    storage.transactionSync(() => storage.kv.put('f', service('sync')));
    await storage.put('g', service('unconfirmed'), { allowUnconfirmed: true });
    const listed = await storage.list();
    const shown = [];
    for (const [key, value] of listed)
      shown.push([key, typeof value === 'number' ? value : await value.greet(key)]);
    for (const [key, value] of storage.kv.list({ start: 'd' }))
      shown.push([key, await value.greet('kv')]);
    const kv = await storage.kv.get('a').greet('get');
    await storage.delete('a');
    return [shown, kv, await storage.get('a')];
  },
  async errors(self) {
    const { exports, storage } = self.ctx;
    const put = (value) => attempt(() => storage.put('x', value));
    const putSync = (value) => attemptSync(() => storage.kv.put('x', value));
    const bad = {
      loopbackService: exports.Greeter,
      loopbackClass: exports.Part,
      loopbackNamespace: exports.Store,
      namespace: self.env.STORE,
      envService: self.env.SELF,
      envNamed: self.env.NAMED,
      envObject: self.env.STORE.getByName('x'),
      rpcStub: new RpcStub(new Target()),
      functionStub: new RpcStub(() => 1),
      target: new Target(),
      facet: self.ctx.facets.get('f', () => ({ class: exports.Part })),
      result: exports.Greeter({}).greet('x'),
      property: exports.Greeter({}).greet,
    };
    const shown = [];
    for (const [name, value] of Object.entries(bad)) {
      shown.push([name, await put(value), putSync(value), await put({ deep: [value] })]);
    }
    return [shown, (await storage.get('x')) ?? 'nothing'];
  },
  async 'props-errors'(self) {
    const { exports, storage } = self.ctx;
    const make = (props) => exports.Greeter({ props });
    const put = async (props) => [
      await attempt(() => storage.put('x', make(props))),
      await attempt(() => storage.put('y', exports.Part({ props }))),
    ];
    return [
      await put({ envService: self.env.SELF }),
      await put({ envObject: self.env.STORE.getByName('x') }),
      await put({ inner: make({ deep: self.env.SELF }) }),
      await put({ rpcStub: new RpcStub(new Target()) }),
      await put({ target: new Target() }),
      await put({ fn: () => 1 }),
      await put({ loopback: exports.Greeter }),
      await put({ facet: self.ctx.facets.get('f', () => ({ class: exports.Part })) }),
      await put({
        date: new Date(5),
        map: new Map([[1, 2]]),
        bytes: new Uint8Array([1, 2]),
        undef: undefined,
      }),
    ];
  },
  async 'props-kept'(self) {
    const { exports, storage } = self.ctx;
    const props = {
      text: 'é\ud800',
      big: 12345678901234567890n,
      date: new Date(5),
      re: /a+/g,
      map: new Map([['k', { v: 1 }]]),
      set: new Set([1, 'two']),
      bytes: new Uint8Array([1, 2, 3]),
      error: new TypeError('an error'),
      undef: undefined,
      nothing: null,
      list: Object.assign(new Array(3), { 0: 1, 2: 3 }),
    };
    props.self = props.list;
    const stub = exports.Greeter({ props });
    const before = await stub.shown();
    await storage.put('stub', stub);
    return [before, await (await storage.get('stub')).shown()];
  },
  async 'props-nested'(self) {
    const { exports, storage } = self.ctx;
    const stub = exports.Greeter({
      props: {
        first: exports.Greeter({ props: { greeting: 'one' } }),
        second: exports.Greeter({ props: { greeting: 'two' } }),
        object: exports.Store.getByName('in props'),
        Part: exports.Part({ props: { title: 'in props' } }),
      },
    });
    await storage.put('stub', stub);
    const loaded = await storage.get('stub');
    return [await stub.greetTwice('Ann'), await loaded.greetTwice('Bob')];
  },
  async 'props-changed'(self) {
    const { exports, storage } = self.ctx;
    const stub = exports.Greeter({ props: { first: exports.Greeter({}) } });
    await storage.put('stub', stub);
    const loaded = await storage.get('stub');
    return [await stub.change(), await stub.change(), await loaded.change(), await loaded.change()];
  },
  async facet(self) {
    const { exports, storage } = self.ctx;
    await storage.put('class', exports.Part({ props: { title: 'stored' } }));
    const facet = self.ctx.facets.get('a', async () => ({ class: await storage.get('class') }));
    const again = self.ctx.facets.get('b', async () => ({ class: await storage.get('class') }));
    return [
      await facet.describe('a'),
      await facet.count(),
      await facet.count(),
      await again.count(),
    ];
  },
  async 'facet-class-error'(self) {
    const { exports, storage } = self.ctx;
    await storage.put('service', exports.Greeter({}));
    const facet = self.ctx.facets.get('a', async () => ({ class: await storage.get('service') }));
    return attempt(() => facet.describe('a'));
  },
  async fetch(self) {
    const { exports, storage } = self.ctx;
    await storage.put('stub', exports.Greeter({ props: { greeting: 'fetched' } }));
    await storage.put('object', exports.Store.getByName('fetched'));
    const stub = await storage.get('stub');
    const object = await storage.get('object');
    const response = await stub.fetch('http://x/path', { method: 'POST', body: 'b' });
    return [
      await response.text(),
      await attempt(() => object.fetch('http://x/')),
      await attempt(() => stub.fail()),
    ];
  },
  async default(self) {
    const { exports, storage } = self.ctx;
    await storage.put('stub', exports.default({ props: { a: 1 } }));
    const stub = await storage.get('stub');
    return (await stub.fetch('http://x/ping')).text();
  },
  async 'same-key'(self) {
    const { exports, storage } = self.ctx;
    await storage.put('stub', exports.Greeter({ props: { greeting: 'first' } }));
    const first = await storage.get('stub');
    await storage.put('stub', exports.Greeter({ props: { greeting: 'second' } }));
    const second = await storage.get('stub');
    await storage.put('stub', 'text');
    return [await first.greet('a'), await second.greet('b'), await storage.get('stub')];
  },
  async 'stored-again'(self) {
    const { exports, storage } = self.ctx;
    await storage.put('a', exports.Greeter({ props: { greeting: 'again' } }));
    await storage.put('b', { inside: await storage.get('a') });
    const { inside } = await storage.get('b');
    await storage.put('c', exports.Greeter({ props: { first: inside, second: inside } }));
    return [await inside.greet('x'), await (await storage.get('c')).greetTwice('y')];
  },
  async duplicate(self) {
    const { exports } = self.ctx;
    return [
      attemptSync(() => structuredClone(exports.Greeter({}))),
      attemptSync(() => structuredClone(exports.Part({}))),
      attemptSync(() => structuredClone(exports.Store.getByName('x'))),
    ];
  },
};

const stores = (ctx, name) => ctx.exports.Store.getByName(name);

const probes = {
  ...Object.fromEntries(
    Object.keys(runs).map((name) => [name, ({ ctx }) => stores(ctx, name).run(name)]),
  ),
  async legacy({ ctx }) {
    const legacy = ctx.exports.Legacy.getByName('legacy');
    const put = (value) => attempt(() => legacy.put('x', value));
    const outcomes = [
      await put(ctx.exports.Greeter({ props: { greeting: 'legacy' } })),
      await attempt(() => legacy.called('x', 'greet', 'Ann')),
      await put(ctx.exports.Part({ props: {} })),
      await put(ctx.exports.Store.getByName('y')),
      await put(new RpcStub(new Target())),
    ];
    return outcomes;
  },
  async 'over-rpc'({ ctx }) {
    const store = stores(ctx, 'over-rpc');
    await store.put('service', ctx.exports.Greeter({ props: { greeting: 'Hi' } }));
    await store.put('object', ctx.exports.Store.getByName('over there'));
    await store.put('class', ctx.exports.Part({ props: { title: 'over RPC' } }));
    const [service, object, part] = await Promise.all(
      ['service', 'object', 'class'].map((key) => store.get(key)),
    );
    const second = stores(ctx, 'over-rpc-2');
    await second.put('all', { service, object, part });
    const all = await second.get('all');
    return [
      kindOf(service),
      kindOf(object),
      kindOf(part),
      await service.greet('Ann'),
      await object.describe(),
      await store.called('service', 'greet', 'Bob'),
      await store.get('service').greet('Cid'),
      await all.service.greet('Dan'),
      kindOf(all.part),
      Object.keys(all.object),
    ];
  },
  async 'class-over-rpc'({ ctx }) {
    const store = stores(ctx, 'class-over-rpc');
    return [
      await attempt(() => store.put('x', ctx.exports.Part)),
      await attempt(() => store.put('x', ctx.exports.NoSpace)),
      await attempt(() => store.put('x', ctx.exports.Store)),
      await attempt(() => store.put('x', ctx.exports.Greeter)),
      await attempt(() => store.put('x', ctx.exports.NoSpace({ props: {} }))),
      await attempt(() => store.put('x', ctx.exports.Store({ props: {} }))),
    ];
  },
  async minted({ ctx }) {
    const store = stores(ctx, 'minted');
    const minted = await ctx.exports.Greeter({}).self();
    await store.put('stub', minted);
    return store.called('stub', 'greet', 'Ann');
  },
  async ids({ ctx }) {
    const { Store } = ctx.exports;
    const store = stores(ctx, 'ids');
    const id = Store.idFromName('by id');
    await store.put('byId', Store.get(id));
    await store.put('byString', Store.get(Store.idFromString(id.toString())));
    return [await store.called('byId', 'describe'), await store.called('byString', 'describe')];
  },
};

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === '/ping')
      return new Response(`pong ${JSON.stringify(ctx.props)}`);
    return answer(probes, request, { env, ctx });
  },
};
