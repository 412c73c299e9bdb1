import { DurableObject, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** How putting each value ends, and what comes back. */
async function roundTrip(storage, values) {
  const out = [];
  for (const value of values) {
    const put = await attempt(() => storage.put('k', value));
    out.push(put.text.startsWith('resolved') ? await attempt(() => storage.get('k')) : put);
  }
  return out;
}

/** Each value at the top, in an object, an array, a Map and a Set. */
const nested = (value) => [value, { a: value }, [value], new Map([[1, value]]), new Set([value])];

const probes = {
  functions: ({ storage }) =>
    roundTrip(storage, [
      ...nested(() => {}),
      async () => {},
      function* () {},
      Math.max,
      function named() {}.bind(null),
      { method() {} },
      { toJSON: () => 1 },
    ]),
  symbols: ({ storage }) =>
    roundTrip(storage, [...nested(Symbol('s')), Symbol.iterator, Object(Symbol('o')), Symbol()]),
  'weak-and-pending': ({ storage }) =>
    roundTrip(storage, [
      ...nested(Promise.resolve(1)),
      new WeakMap(),
      new WeakSet(),
      new WeakRef({}),
      new FinalizationRegistry(() => {}),
      (function* () {})(),
      (async function* () {})(),
      new Proxy(() => {}, {}),
      globalThis.Atomics,
      Math,
      JSON,
      Reflect,
    ]),
  streams: ({ storage }) =>
    roundTrip(storage, [
      ...nested(new ReadableStream()),
      new WritableStream(),
      new TransformStream(),
      new TextDecoderStream(),
      new CompressionStream('gzip'),
      new ReadableStream().getReader(),
      new WritableStream().getWriter(),
    ]),
  web: async ({ storage }) =>
    roundTrip(storage, [
      ...nested(new URL('http://a/')),
      new URLSearchParams(),
      new FormData(),
      new AbortController(),
      new Event('x'),
      new EventTarget(),
      new MessageEvent('x'),
      new CustomEvent('x'),
      new CloseEvent('x'),
      new TextEncoder(),
      new TextDecoder(),
      crypto,
      crypto.subtle,
      await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']),
      new WebSocketPair(),
      new WebSocketPair()[0],
      new MessageChannel(),
    ]),
  platform: ({ storage, ctx, env }) =>
    roundTrip(storage, [
      ...nested(env.PROBE.getByName('other')),
      env.PROBE,
      ctx.id,
      storage.sql,
      storage.kv,
      storage.sql.exec('SELECT 1'),
      new RpcTarget(),
      new (class Mine extends RpcTarget {})(),
    ]),
  'context-objects': ({ storage, ctx }) => roundTrip(storage, [ctx, storage]),
  detached: ({ storage }) => {
    const buffer = new ArrayBuffer(4);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    return roundTrip(storage, [buffer, view]);
  },
  arrays: ({ storage }) =>
    roundTrip(storage, [
      [],
      new Array(1),
      new Array(5),
      Object.assign([1], { extra: 2, '-1': 3 }),
      [undefined, null],
      [[[[]]]],
      Object.assign(new Array(3), { 2: 'x' }),
    ]),
  objects: ({ storage }) =>
    roundTrip(storage, [
      { 2: 'b', 1: 'a', z: 1, a: 2 },
      { ['__proto__']: 1 },
      { constructor: 1, toString: 2 },
      Object.freeze({ a: 1 }),
      Object.defineProperty({ a: 1 }, 'hidden', { value: 2, enumerable: false }),
      { [Symbol('s')]: 1, a: 1 },
      Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }),
      (function () {
        return arguments;
      })(1, 2),
      new (class Box {
        #secret = 1;
        shown = 2;
        get secret() {
          return this.#secret;
        }
      })(),
      new (class List extends Array {})(),
      new (class Dict extends Map {})([[1, 2]]),
    ]),
  wrappers: ({ storage }) =>
    roundTrip(storage, [
      Object(1n),
      Object(''),
      new Number(NaN),
      new Date(8.64e15),
      new Date(8.64e15 + 1),
      /x/dgimsuy,
      Object.assign(/x/g, { lastIndex: 5 }),
      new Map([[NaN, -0]]),
      new Set([NaN, -0, undefined, null]),
    ]),
  views: ({ storage }) => {
    const buffer = new ArrayBuffer(16);
    return roundTrip(storage, [
      new Int8Array(buffer, 1, 3),
      new Int16Array(2),
      new Int32Array(2),
      new Uint32Array(2),
      new Float32Array([NaN, -0]),
      new BigUint64Array([2n ** 64n - 1n]),
      new DataView(buffer, 4),
      [new Uint8Array(buffer, 0, 2), new Uint8Array(buffer, 2, 2), buffer],
      new Uint8Array(),
    ]);
  },
  errors: ({ storage }) =>
    roundTrip(
      storage,
      [
        new SyntaxError('s'),
        new ReferenceError('r'),
        new EvalError('e'),
        new URIError('u'),
        new AggregateError([new Error('a'), 1], 'many'),
        Object.assign(new Error('x'), { name: 'Custom' }),
        Object.assign(new TypeError('x'), { name: 'Error' }),
        new Error(),
        new Error('outer', { cause: new RangeError('inner') }),
        new Error('c', { cause: undefined }),
        new DOMException('m', 'AbortError'),
        new DOMException('m', 'Mine'),
        nested(new Error('inside')),
      ].flat(0),
    ),
  unstorable: ({ storage }) =>
    roundTrip(storage, [
      Object.assign(new Error('x'), { fn: () => {} }),
      new Error('x', { cause: Symbol('c') }),
      Object.assign(new Error('x'), { stream: new ReadableStream() }),
    ]),
  /** The same rules for the synchronous API and for many at once. */
  async 'other-ways'({ storage }) {
    return [
      attemptSync(() => storage.kv.put('k', () => {})),
      attemptSync(() => storage.kv.put('k', new URL('http://a/'))),
      attemptSync(() => storage.kv.put('k', new ReadableStream())),
      attemptSync(() => storage.kv.put('k', Symbol('s'))),
      await attempt(() => storage.put({ a: 1, b: Symbol('s'), c: 3 })),
      await attempt(() => storage.transaction((txn) => txn.put('k', () => {}))),
      await storage.list(),
    ];
  },
  async getters({ storage }) {
    let calls = 0;
    const counted = {
      get n() {
        calls += 1;
        return calls;
      },
    };
    await storage.put('k', counted);
    return [calls, await storage.get('k')];
  },
  async 'writes-while-serializing'({ storage }) {
    const value = {
      get inner() {
        storage.kv.put('inner', 'written');
        return 1;
      },
    };
    storage.kv.put('outer', value);
    return [...storage.kv.list()];
  },
  async deep({ storage }) {
    let value = null;
    for (let i = 0; i < 500; i++) value = { value };
    await storage.put('k', value);
    let depth = 0;
    for (let at = await storage.get('k'); at; at = at.value) depth += 1;
    return depth;
  },
};

export class Other extends WorkerEntrypoint {}

export class Probe extends DurableObject {
  fetch(request) {
    const { ctx, env } = this;
    return answer(probes, request, { storage: ctx.storage, ctx, env });
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
