import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

const probes = {
  async calls({ T }) {
    const stub = T.getByName('calls');
    return [
      await stub.add(1, 2),
      await stub.nothing(),
      await stub.count(),
      await stub.count(1, undefined, 3),
      await stub.asyncValue(),
      await stub.inherited(),
    ];
  },
  async values({ T }) {
    const stub = T.getByName('values');
    const values = [
      undefined,
      null,
      -0,
      NaN,
      10n ** 20n,
      'é\u0000',
      Object.assign(new Array(3), { 0: 1, 2: 3 }),
      { a: { b: [new Date(1)] } },
      new Map([['k', new Set([1])]]),
      /x/g,
      new Uint8Array([1, 2]),
      new ArrayBuffer(2),
      new RangeError('a value'),
    ];
    const out = [];
    for (const value of values) out.push(await attempt(() => stub.identity(value)));
    return out;
  },
  async 'no-aliasing'({ T }) {
    const stub = T.getByName('alias');
    const value = { list: [1] };
    const same = await stub.identity(value);
    const changed = await stub.change(value);
    return [same === value, value, changed];
  },
  async 'not-methods'({ T }) {
    const stub = T.getByName('not');
    return [
      await attempt(() => stub.missing()),
      await attempt(() => stub.field()),
      await attempt(() => stub.arrow()),
      await attempt(() => stub.ctx()),
      await attempt(() => stub.env),
      await attempt(() => stub.hasOwn()),
      await attempt(() => stub.valueOf() === stub),
      await attempt(() => stub.secret()),
      await attempt(() => stub.fixed()),
    ];
  },
  async reserved({ T }) {
    const stub = T.getByName('reserved');
    const names = [
      'alarm',
      'webSocketMessage',
      'webSocketClose',
      'webSocketError',
      'constructor',
      'dup',
    ];
    const out = [];
    for (const name of names) out.push(await attempt(() => stub[name]()));
    return out;
  },
  async properties({ T }) {
    const stub = T.getByName('properties');
    return [
      await attempt(() => stub.getter),
      await attempt(() => stub.nested.deep.value),
      await attempt(() => stub.nested.call(5)),
      await attempt(() => stub.getter()),
      await attempt(() => stub.missing),
      await attempt(() => stub.nested.missing),
      await attempt(() => stub.throwingGetter),
    ];
  },
  async 'not-serialisable'({ T }) {
    const stub = T.getByName('serial');
    class Thing {
      x = 1;
    }
    return [
      await attempt(() => stub.identity(new Thing())),
      await attempt(() => stub.identity(Symbol('s'))),
      await attempt(() => stub.identity(new WeakMap())),
      await attempt(() => stub.identity(Promise.resolve(1))),
      await attempt(() => stub.identity(new URL('http://a.b/'))),
      await attempt(() => stub.identity(Object.create(null))),
      await attempt(() => stub.returnInstance()),
      await attempt(() => stub.returnId()),
      await attempt(() => stub.returnSymbol()),
    ];
  },
  async 'throws-late'({ T }) {
    const promise = T.getByName('late').identity(() => {}, Symbol('x'));
    return [typeof promise.then, await attempt(() => promise)];
  },
  async 'not-awaited'({ T }) {
    const stub = T.getByName('not-awaited');
    stub.increment();
    stub.increment();
    return stub.increment();
  },
  async order({ T }) {
    const stub = T.getByName('order');
    await stub.log('warm');
    await Promise.all(Array.from({ length: 20 }, (_, i) => stub.log(`call ${i}`)));
    return stub.readLog();
  },
  async 'order-fetch'({ T }) {
    const stub = T.getByName('order-fetch');
    await stub.log('warm');
    const calls = Array.from({ length: 20 }, (_, i) =>
      stub.fetch(`http://do/log?entry=fetch ${i}`),
    );
    await Promise.all(calls);
    return stub.readLog();
  },
  async 'fetch-and-rpc-share'({ T }) {
    const stub = T.getByName('share');
    await stub.increment();
    return (await stub.fetch('http://do/count')).text();
  },
  async 'function-argument'({ T }) {
    const stub = T.getByName('callback');
    const seen = [];
    const result = await stub.callBack((a, b) => {
      seen.push([a, b]);
      return `from the caller ${a + b}`;
    });
    return [result, seen];
  },
  async 'function-result'({ T }) {
    const add = await T.getByName('fn').makeAdder(10);
    return [typeof add, await add(5), await add(6)];
  },
  async target({ T }) {
    const counter = await T.getByName('target').makeCounter(5);
    const out = [
      await counter.increment(),
      await counter.increment(2),
      await counter.value,
      await attempt(() => counter.hidden()),
    ];
    counter[Symbol.dispose]();
    return out;
  },
  async pipelining({ T }) {
    const stub = T.getByName('pipe');
    return [
      await stub.makeCounter(1).increment(),
      await stub.makeObject().counter.increment(),
      await stub.makeObject().plain.n,
      await attempt(() => stub.makeObject().missing.deeper),
      await attempt(() => stub.fails().anything()),
      await attempt(() => stub.add(1, 2).toFixed()),
    ];
  },
  async disposed({ T }) {
    const counter = await T.getByName('disposed').makeCounter(1);
    const copy = counter.dup();
    counter[Symbol.dispose]();
    counter[Symbol.dispose]();
    return [await attempt(() => counter.increment()), await attempt(() => copy.increment())];
  },
  async 'big-values'({ T }) {
    const stub = T.getByName('big');
    const text = 'x'.repeat(1_000_000);
    return [(await stub.identity(text)) === text, (await stub.make(5_000_000)).byteLength];
  },
  async streams({ T }) {
    const stub = T.getByName('streams');
    const stream = new Response('streamed text').body;
    return [await stub.readStream(stream), await new Response(await stub.makeStream()).text()];
  },
  async 'platform-values'({ T }) {
    const stub = T.getByName('platform');
    const response = await stub.makeResponse();
    return [
      response.status,
      response.headers.get('x-from'),
      await response.text(),
      await stub.describeRequest(
        new Request('http://a.b/c?d', { method: 'POST', body: 'body', headers: { 'x-h': '1' } }),
      ),
      [...(await stub.identity(new Headers({ a: '1', b: '2' })))],
    ];
  },
  async 'stub-as-argument'({ T }) {
    const stub = T.getByName('passer');
    return [await stub.callOther(T.getByName('other')), await T.getByName('other').increment()];
  },
  async 'object-calls-object'({ T }) {
    return T.getByName('caller').incrementOther('callee', 3);
  },
  async 'legacy-class'({ OLD }) {
    const stub = OLD.getByName('old');
    return [await attempt(() => stub.hello()), await (await stub.fetch('http://do/')).text()];
  },
  async 'stub-properties'({ T }) {
    const stub = T.getByName('props');
    return [
      attemptSync(() => stub.id.name),
      attemptSync(() => stub.name),
      typeof stub.whatever,
      'whatever' in stub,
      typeof stub.whatever.deeper,
      typeof stub.add(1, 1).then,
      stub.add(1, 1) instanceof Promise,
    ];
  },
  async 'reply-object'({ T }) {
    const result = await T.getByName('reply').makeObject();
    return [Object.keys(result), show(result.plain), typeof result[Symbol.dispose]];
  },
  async entrypoint(_env, _request, ctx) {
    return [
      await ctx.exports.Named.greet('you'),
      await (await ctx.exports.Named.fetch('http://x/path')).text(),
      await ctx.exports.Named({ props: { role: 'admin' } }).whoAmI(),
      await attempt(() => ctx.exports.Named.missing()),
    ];
  },
  async 'ctx-exports-unbound'(env, _request, ctx) {
    const stub = ctx.exports.Unbound.getByName('a');
    return [await stub.count(), await stub.count(), Object.keys(env).includes('Unbound')];
  },
  async 'ctx-exports-namespace'({ T }, request, ctx) {
    await T.getByName('shared').increment();
    return [
      await ctx.exports.Target.getByName('shared').increment(),
      Object.keys(ctx.exports).sort(),
    ];
  },
};

class Counter extends RpcTarget {
  #n;
  constructor(n) {
    super();
    this.#n = n;
    this.hidden = () => 'own properties are hidden';
  }
  increment(by = 1) {
    this.#n += by;
    return this.#n;
  }
  get value() {
    return this.#n;
  }
}

class Base extends DurableObject {
  inherited() {
    return 'from the base';
  }
}

export class Target extends Base {
  field = 'own property';
  arrow = () => 'own function';
  #log = [];
  #count = 0;

  static fixed() {
    return 'static';
  }
  #secret() {
    return 'private';
  }
  add(a, b) {
    return a + b;
  }
  nothing() {}
  count() {
    return arguments.length;
  }
  async asyncValue() {
    await scheduler.wait(1);
    return 'after a wait';
  }
  identity(value) {
    return value;
  }
  change(value) {
    value.list.push(2);
    return value;
  }
  get getter() {
    return 'got';
  }
  get nested() {
    return { deep: { value: 7 }, call: (x) => x * 2 };
  }
  get throwingGetter() {
    throw new RangeError('getter');
  }
  returnInstance() {
    return new (class Local {})();
  }
  returnId() {
    return this.ctx.id;
  }
  returnSymbol() {
    return Symbol('r');
  }
  increment() {
    return ++this.#count;
  }
  log(entry) {
    this.#log.push(entry);
  }
  readLog() {
    return this.#log;
  }
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === '/log') this.log(url.searchParams.get('entry'));
    return new Response(`count ${this.#count} ${this.#secret()}`);
  }
  async callBack(callback) {
    return `got: ${await callback(1, 2)}`;
  }
  makeAdder(n) {
    return (m) => n + m;
  }
  makeCounter(n) {
    return new Counter(n);
  }
  makeObject() {
    return { counter: new Counter(40), plain: { n: 1 } };
  }
  fails() {
    throw new TypeError('the first call fails');
  }
  make(length) {
    return new ArrayBuffer(length);
  }
  async readStream(stream) {
    return new Response(stream).text();
  }
  makeStream() {
    return new Response('made here').body;
  }
  makeResponse() {
    return new Response('a body', { status: 201, headers: { 'x-from': 'object' } });
  }
  async describeRequest(request) {
    return [request.method, request.url, request.headers.get('x-h'), await request.text()];
  }
  async callOther(other) {
    return other.increment();
  }
  async incrementOther(name, times) {
    const stub = this.env.T.getByName(name);
    let last;
    for (let i = 0; i < times; i++) last = await stub.increment();
    return last;
  }
}

/** A class that does not extend DurableObject. */
export class Unbound extends DurableObject {
  count() {
    this.n = (this.n ?? 0) + 1;
    return this.n;
  }
}

export class Old {
  constructor(state, env) {
    this.state = state;
    this.names = Object.keys(env).sort();
  }
  hello() {
    return 'hello';
  }
  fetch() {
    return new Response(`${this.state.id.name} ${this.names}`);
  }
}

export class Named extends WorkerEntrypoint {
  greet(name) {
    return `hello ${name}, ${Object.keys(this.env).length} bindings`;
  }
  whoAmI() {
    return this.ctx.props;
  }
  fetch(request) {
    return new Response(`named ${new URL(request.url).pathname}`);
  }
}

export default {
  fetch(request, env, ctx) {
    const bound = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [name, () => probe(env, request, ctx)]),
    );
    return answer(bound, request, null);
  },
};
