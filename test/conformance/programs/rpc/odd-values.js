// What is thrown and is no error, or no ordinary one, and what structuredClone() and storage make of things of the platform.
import {
  DurableObject,
  RpcStub,
  RpcTarget,
  ServiceStub,
  WorkerEntrypoint,
} from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

class Plain {}
const kUntold = {
  toString() {
    throw new Error('not to be had');
  },
};
function namedBySelf() {
  const error = new TypeError('self');
  return Object.assign(error, { name: error });
}
class Own extends Error {}
const f = () => 5;

/** Each holds a function where it can, so that no copy of it crosses, but its description. */
const things = (env, ctx) => [
  () => [1],
  () => [f],
  () => new Date(0),
  () => /a/g,
  () => new Map(),
  () => new Uint8Array(1),
  () => ({}),
  () => ({ toString: 1 }),
  () => ({ toString: Object.prototype.toString }),
  () => ({ constructor: 5, f }),
  () => ({ constructor: Map, f }),
  () => ({
    get constructor() {
      return Map;
    },
    f,
  }),
  () => Object.assign(Object.create(null), { f }),
  () => ({ f, toString: Error.prototype.toString }),
  () => ({ f, toString: Error.prototype.toString, name: 'N', message: 'M' }),
  () => ({ f, [Symbol.toStringTag]: 'Tag', toString: null }),
  () => new Plain(),
  () => Object.assign(new Plain(), { f }),
  () => Object.assign(new (class {})(), { f }),
  () =>
    new (class {
      static name = 'given';
      f = f;
    })(),
  () => f,
  () => 'a\ud800b',
  () => Symbol('q'),
  () => 5n,
  () => -0,
  () => env,
  () => ctx,
  () => env.T,
  () => env.T.idFromName('a'),
  () => env.T.getByName('y'),
  () => env.T.getByName('y').m,
  () => new RpcStub({}),
  () => Promise.resolve(1),
  () => new Proxy({ f }, {}),
  () => new Proxy([f], {}),
  () => new Blob(['x']),
  () => new File(['x'], 'n'),
  () => new Response('body'),
  () => new Response(null, { status: 204 }),
  () => new Request('http://x/'),
  () => new Request('http://x/', { method: 'POST', body: 'x' }),
  () => new URL('http://x/'),
  () => AbortSignal.abort(),
  () => Object.assign(new Own('own'), { f }),
  () => Object.assign(new Error('q'), { name: 'Custom', f }),
  () => Object.assign(new Error('q'), { name: {}, f }),
  () => Object.assign(new Error('q'), { name: kUntold }),
  () => Object.assign(new Error('q'), { name: Symbol('TypeError') }),
  () => namedBySelf(),
  () => Object.assign(new TypeError('q'), { message: 5, f }),
  () => Object.assign(new AggregateError([1], 'q'), { f }),
  () => Object.assign(new Error('q'), { overloaded: true, retryable: true }),
  () => ({ durableObjectReset: 1, remote: 2, overloaded: 0, retryable: 'x' }),
];

const clonable = [
  () => new Blob(['x']),
  () => [new Blob(['x'])],
  () => new Response('x'),
  () => Object.assign(new Error('m'), { b: new Blob(['z']) }),
  () => new AggregateError([new RangeError('inner')], 'outer'),
  () => new ArrayBuffer(4, { maxByteLength: 8 }),
  () => Object.assign(new Error('m'), { message: 5 }),
  () => Object.assign(new Error('m'), { name: 5 }),
  () => Object.assign(new Error('m'), { name: Object.create(null) }),
  () => Object.assign(new Error('m'), { name: Symbol('s') }),
  () => namedBySelf(),
];

const stubs = (env) => {
  const stub = env.T.getByName('other');
  return [
    () => stub.a,
    () => stub.hello(),
    () => [stub.a],
    () => new Error('x', { cause: stub.a }),
    () => stub,
    () => new RpcStub(f),
    () => [new RpcStub(f)],
  ];
};

/** What it is called in several ways. */
const names = (value) => [
  value.constructor?.name,
  Object.prototype.toString.call(value),
  value.toString === Object.prototype.toString,
  Object.getPrototypeOf(value)?.constructor?.name,
];

async function attempts(actions) {
  const out = [];
  for (const action of actions) out.push(await attempt(action));
  return out;
}

const probes = {
  async names({ env, ctx }) {
    const stub = env.T.getByName('x');
    const promise = stub.identity(stub);
    const { Entry } = ctx.exports;
    const all = [stub, await promise, Entry, Entry({}), stub.foo, promise, new RpcStub({})];
    const own = [
      new (class extends RpcTarget {})(),
      new (class extends WorkerEntrypoint {})(ctx, env),
    ];
    const bases = [RpcTarget, WorkerEntrypoint, DurableObject];
    return [
      ServiceStub.name,
      all.map(names),
      own.map(names),
      await stub.names(),
      bases.map(
        ({ prototype }) => Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag).value,
      ),
      [promise, stub.foo].map((one) => [one.then.length, one.catch.length, one.finally.length]),
    ];
  },
  thrown: ({ env, ctx }) => {
    const stub = env.T.getByName('x');
    return attempts(things(env, ctx).map((_, i) => () => stub.throws(i)));
  },
  cloned: () => attempts(clonable.map((make) => () => structuredClone(make()))),
  async transferred() {
    const buffer = new Uint8Array([1, 2]).buffer;
    const copy = structuredClone({ error: new RangeError('m'), buffer }, { transfer: [buffer] });
    return [copy, buffer.byteLength, copy.error instanceof RangeError];
  },
  detached({ env }) {
    const stub = env.T.getByName('x');
    const promise = stub.hello();
    const out = [];
    for (const one of [promise, stub.hello]) {
      for (const name of ['then', 'catch', 'finally']) {
        const method = one[name];
        const calls = [
          () => method(f),
          () => method.call({}, f),
          () => method.call(stub.hello(), f),
          () => method.call(stub.hello, f),
          () => one[name](),
          () => one[name](5),
          () => one[name](null, f),
          () => one[name](f, null),
          () => one[name](f, 5),
          () => one[name](f, undefined),
        ];
        out.push([name, method === one[name], calls.map((call) => attemptSync(() => void call()))]);
      }
    }
    const local = new RpcStub(f);
    const { dup, [Symbol.dispose]: dispose } = local;
    out.push(
      [dup === local.dup, dispose === local[Symbol.dispose]],
      [() => dup(), () => dispose.call({}), () => promise[Symbol.dispose].call(local)].map((call) =>
        attemptSync(() => void call()),
      ),
    );
    return out;
  },
  unclonable: async ({ env }) => [
    await attempts(stubs(env).map((make) => () => structuredClone(make()))),
    await env.T.getByName('x').storeStubs(),
  ],
};

export class T extends DurableObject {
  identity(value) {
    return value;
  }

  hello() {
    return 'hello';
  }

  names() {
    return [names(this), `${this}`];
  }

  throws(i) {
    throw things(this.env, this.ctx)[i]();
  }

  async storeStubs() {
    const { storage } = this.ctx;
    return show(await attempts(stubs(this.env).map((make) => () => storage.put('a', make()))));
  }
}

export class Entry extends WorkerEntrypoint {}

export default { fetch: (request, env, ctx) => answer(probes, request, { env, ctx }) };
