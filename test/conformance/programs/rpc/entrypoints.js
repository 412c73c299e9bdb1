import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

let instances = 0;
let background = [];

const probes = {
  async instances({ exports }) {
    const out = [];
    for (let i = 0; i < 3; i++) out.push(await exports.Named.count());
    return [out, instances];
  },
  constructor: ({ exports }) => exports.Named.describeConstruction(),
  'constructor-throws': async ({ exports }) => [
    await attempt(() => exports.Failing.method()),
    await attempt(() => exports.Failing.property),
    await attempt(() => exports.Failing.fetch('http://a.b/')),
  ],
  'default-export': async ({ exports }) => [
    await (await exports.default.fetch('http://a.b/echo/x')).text(),
    await attempt(() => exports.default.method('arg')),
    await attempt(() => exports.default.missing('arg')),
  ],
  'exports-kinds': ({ exports }) =>
    Object.keys(exports)
      .filter((name) => name !== 'Thing')
      .sort()
      .map((name) => [name, typeof exports[name], Object.prototype.toString.call(exports[name])]),
  'this-exports': async ({ exports, T }) => [
    await exports.Named.exportNames(),
    await T.getByName('exports').exportNames(),
  ],
  props: async ({ exports }) => [
    await exports.Named.props(),
    await exports.Named({}).props(),
    await exports.Named({ props: {} }).props(),
    await exports.Named({ props: { a: 1 } }).props(),
    await exports.Named({ props: { a: { b: [1, 'x'] } } }).props(),
    await exports.handler({ props: { h: 1 } }).props('x'),
    await (await exports.Named({ props: { f: 1 } }).fetch('http://a.b/props')).json(),
  ],
  async 'props-kinds'({ exports, T }) {
    const out = [];
    const kinds = [
      null,
      undefined,
      5,
      'text',
      [1],
      { d: new Date(0) },
      { m: new Map([[1, 2]]) },
      { f() {} },
      { s: Symbol('s') },
      { t: new (class Local {})() },
    ];
    for (const props of kinds)
      out.push(await attempt(async () => exports.Named({ props }).props()));
    out.push(
      await attempt(async () =>
        exports.Named({ props: { stub: T.getByName('in props') } }).useProps(),
      ),
    );
    out.push(
      await attempt(async () =>
        exports.Named({ props: { service: exports.Other({}) } }).useProps(),
      ),
    );
    const shared = { n: 1 };
    const stub = exports.Named({ props: shared });
    shared.n = 2;
    out.push(await stub.props());
    return out;
  },
  'props-object': ({ T, exports }) =>
    T.getByName('props').callService(exports.Named({ props: { given: true } })),
  async 'specialised-shape'({ exports }) {
    const plain = exports.Named;
    const special = exports.Named({ props: { a: 1 } });
    return [
      typeof plain,
      typeof special,
      Object.prototype.toString.call(special),
      plain === exports.Named,
      Object.keys(special),
      typeof special.anything,
      await attempt(async () => special({ props: {} }).props()),
    ];
  },
  semantics: async ({ exports }) => [
    await exports.Named.add(1, 2),
    await exports.Named.getter,
    await exports.Named.nested.deep.value,
    await exports.Named.makeTarget().hello(),
    await exports.Named.makeObject().inner.target.hello(),
    await attempt(() => exports.Named.own()),
    await attempt(() => exports.Named.ctx),
    await attempt(() => exports.Named.missing()),
    await attempt(() => exports.Named.getter()),
  ],
  async values({ exports }) {
    const seen = [];
    const answered = await exports.Named.callBack((x) => {
      seen.push(x);
      return x * 2;
    });
    const value = { list: [1], map: new Map([['k', new Date(0)]]) };
    const back = await exports.Named.identity(value);
    return [answered, seen, back, back === value];
  },
  'from-object': async ({ T }) => T.getByName('caller').callAll(),
  'object-from-entrypoint': ({ exports }) => exports.Named.callObject(),
  async 'wait-until'({ exports }) {
    background = [];
    const result = await exports.Named.later();
    const early = [...background];
    await scheduler.wait(30);
    return [result, early, background];
  },
  bindings: async ({ env }) => [
    await env.NAMED.props(),
    await env.NAMED.add(1, 2),
    await env.PLAIN.who(),
    await env.HANDLER.props('x'),
    await env.SELF.method('arg'),
    await (await env.SELF.fetch('http://a.b/echo/self')).text(),
    await (await env.NAMED.fetch('http://a.b/props')).json(),
    await attempt(() => env.NAMED.missing()),
    await attempt(() => env.NAMED.throws('custom')),
    typeof env.NAMED,
    Object.prototype.toString.call(env.NAMED),
    await attempt(async () => env.NAMED({ props: {} })),
  ],
  'bindings-passed-on': async ({ env, T }) => [
    await env.NAMED.use(env.PLAIN),
    await T.getByName('bindings').callService(env.NAMED),
    await (await env.NAMED.identity(env.NAMED)).props(),
  ],
  'bindings-of-object': async ({ env, T }) => [
    await T.getByName('bindings').useBinding(),
    await env.NAMED.useBinding(),
  ],
  async fetch({ exports }) {
    const response = await exports.Named.fetch('http://a.b/path?q', {
      method: 'POST',
      body: 'body',
    });
    const other = await exports.handler.fetch(new Request('http://a.b/h'));
    return [response.status, await response.json(), await other.text()];
  },
  'fetch-errors': async ({ exports }) => [
    await attempt(() => exports.Named.fetch('http://a.b/throw')),
    await attempt(() => exports.Named.fetch('http://a.b/custom')),
    await attempt(() => exports.Named.fetch('http://a.b/primitive')),
    await attempt(() => exports.Named.fetch('http://a.b/nothing')),
    await attempt(() => exports.Named.fetch('not a url')),
    await attempt(() => exports.Named.fetch()),
  ],
  'fetch-missing': async ({ exports }) => [
    await attempt(() => exports.Other.fetch('http://a.b/')),
    await attempt(() => exports.empty.fetch('http://a.b/')),
  ],
  'rpc-errors': async ({ exports }) => [
    await attempt(() => exports.Named.throws('plain')),
    await attempt(() => exports.Named.throws('custom')),
    await attempt(() => exports.Named.throws('primitive')),
    await attempt(() => exports.Named.throws('object')),
    await attempt(() => exports.Named.throwingGetter),
  ],
  'passed-on': async ({ exports }) => [
    await exports.Named.use(exports.Other({})),
    await exports.Named.use(exports.Named({ props: { chain: 1 } })),
    await (await exports.Named.identity(exports.Other({}))).who(),
    await attempt(() => exports.Named.identity(exports.Other)),
    await attempt(() => exports.Named.giveSelf()),
    await exports.Named.giveOther().who(),
  ],
  'not-callable': ({ exports }) => [
    attemptSync(() => typeof exports.Named()),
    attemptSync(() => exports.Named(5)),
    attemptSync(() => typeof exports.Named(null)),
    attemptSync(() => exports.Named.toString()),
    attemptSync(() => exports.missing),
  ],
  'objects-by-exports': ({ exports }) => exports.Named.objectsByExports(),
};

class Target extends RpcTarget {
  hello() {
    return 'hello';
  }
}

class Custom extends Error {
  name = 'Custom';
  extra = { a: 1 };
}

const errors = {
  plain: () => new RangeError('a range'),
  custom: () => new Custom('of a class'),
  primitive: () => 'a string',
  object: () => ({ code: 5 }),
};

export class Named extends WorkerEntrypoint {
  own = () => 'own';
  #count = 0;
  #constructed;
  constructor(ctx, env) {
    super(ctx, env);
    instances += 1;
    this.#constructed = [
      Object.keys(env).sort(),
      this.env === env,
      this.ctx === ctx,
      typeof ctx.waitUntil,
      Object.prototype.toString.call(ctx),
      show(ctx.props),
      typeof ctx.exports,
    ];
  }
  describeConstruction() {
    return [this.#constructed, Object.keys(this).sort()];
  }
  count() {
    return ++this.#count;
  }
  exportNames() {
    return Object.keys(this.ctx.exports).sort();
  }
  props() {
    return this.ctx.props;
  }
  useBinding() {
    return this.env.PLAIN.who();
  }
  async useProps() {
    const { stub, service } = this.ctx.props;
    return stub ? stub.hello() : service.who();
  }
  add(a, b) {
    return a + b;
  }
  get getter() {
    return 'got';
  }
  get nested() {
    return { deep: { value: 7 } };
  }
  get throwingGetter() {
    throw new SyntaxError('from a getter');
  }
  makeTarget() {
    return new Target();
  }
  makeObject() {
    return { inner: { target: new Target() } };
  }
  async callBack(callback) {
    return [await callback(1), await callback(2)];
  }
  identity(value) {
    return value;
  }
  throws(kind) {
    throw errors[kind]();
  }
  use(service) {
    return service.who();
  }
  who() {
    return ['named', this.ctx.props];
  }
  giveSelf() {
    return this;
  }
  giveOther() {
    return this.ctx.exports.Other({});
  }
  callObject() {
    return this.env.T.getByName('called').hello();
  }
  async objectsByExports() {
    const stub = this.ctx.exports.Thing.getByName('by exports');
    return [await stub.hello(), await this.env.T.getByName('by exports').calls()];
  }
  later() {
    this.ctx.waitUntil(
      scheduler.wait(10).then(() => {
        background.push('done');
      }),
    );
    return 'answered';
  }
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/throw') throw errors.plain();
    if (pathname === '/custom') throw errors.custom();
    if (pathname === '/primitive') throw errors.primitive();
    if (pathname === '/nothing') return undefined;
    if (pathname === '/props') return Response.json(this.ctx.props);
    return Response.json([request.method, request.url, await request.text()]);
  }
}

export class Other extends WorkerEntrypoint {
  who() {
    return 'other';
  }
}

export class Failing extends WorkerEntrypoint {
  constructor(ctx, env) {
    super(ctx, env);
    throw new TypeError('a constructor fails');
  }
  method() {
    return 'not reached';
  }
}

export class Thing extends DurableObject {
  #calls = 0;
  hello() {
    this.#calls += 1;
    return `hello from ${this.ctx.id.name}`;
  }
  calls() {
    return this.#calls;
  }
  exportNames() {
    return Object.keys(this.ctx.exports).sort();
  }
  useBinding() {
    return this.env.PLAIN.who();
  }
  callService(service) {
    return service.props();
  }
  async callAll() {
    const { Named, Other, handler } = this.ctx.exports;
    return [
      await Named.add(2, 3),
      await Named({ props: { from: 'object' } }).props(),
      await Other.who(),
      await handler.props('x'),
      await (await Named.fetch('http://a.b/from-object')).json(),
      (await attempt(() => Named.throws('custom'))).text,
      await Named.callBack((x) => x + 1),
    ];
  }
}

export const handler = {
  props: (_value, _env, ctx) => ctx.props,
  fetch: (request) => new Response(`handler ${request.url}`),
};

export const empty = {};

export default {
  method: (value, env, ctx) => [value, Object.keys(env).sort(), typeof ctx.waitUntil],
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname.startsWith('/echo'))
      return new Response(`echo ${request.url}`);
    instances = 0;
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ exports: ctx.exports, T: env.T, env }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
