// random-value.js: a value that a seed determines: nested, cyclic, shared, of every kind that can and cannot be sent.
import { RpcStub, RpcTarget } from 'cloudflare:workers';
import { Random } from './random.js';

const depthMax = 3;

class Plain {
  x = 1;
}
class List extends Array {}
class Failure extends RangeError {
  name = 'Failure';
}
class Target extends RpcTarget {
  hello() {
    return 'hello from a target';
  }
  get property() {
    return { nested: 'of a target' };
  }
}

const errorTypes = [Error, TypeError, RangeError, SyntaxError, EvalError, URIError, Failure];
const views = [Uint8Array, Int16Array, Float32Array, BigUint64Array, Uint8ClampedArray, DataView];
const keys = ['a', 'b', '', '0', '10', 'length', '__proto__', 'then', 'constructor', 'toString'];
const names = ['name', 'message', 'cause', 'errors', 'remote', 'code', 'toString', 'a'];

class Maker {
  /** What was made so far, its unfinished ancestors too: for cycles and shared references. */
  #made = [];

  constructor(r, env, isPlain) {
    this.r = r;
    this.env = env;
    this.isPlain = isPlain;
  }

  value(depth = depthMax) {
    const { r } = this;
    return r.weighted([
      [6, () => this.#primitive()],
      [depth > 0 ? 8 : 0, () => this.#container(depth - 1)],
      [3, () => this.#bytes()],
      [2, () => this.#builtIn()],
      [depth > 0 ? 3 : 1, () => this.#error(depth - 1)],
      [2, () => (this.#made.length > 0 ? r.pick(this.#made) : null)],
      [this.isPlain ? 0 : 3, () => this.#reference()],
      [this.isPlain ? 0 : 2, () => this.#platform()],
      [r.chance(25) ? 1 : 0, () => this.#refused()],
    ])();
  }

  #remember(value) {
    this.#made.push(value);
    return value;
  }

  #primitive() {
    return this.r.pick([
      ...['', 'text', 'é\ud800', 0, -0, 1.5, NaN, -Infinity, 2 ** 53, 5n, -(10n ** 30n)],
      ...[true, false, null, undefined],
    ]);
  }

  #container(depth) {
    const { r } = this;
    const kind = r.below(7);
    if (kind < 2) {
      const list = this.#remember(kind === 0 && r.chance(10) ? new List() : []);
      for (const value of this.#several(depth)) list.push(value);
      if (r.chance(15)) list.length += 2;
      if (r.chance(10)) list[r.pick(['extra', '-1'])] = this.value(depth);
      return list;
    }
    if (kind === 2) {
      const map = this.#remember(new Map());
      for (const value of this.#several(depth)) map.set(this.value(depth), value);
      return map;
    }
    if (kind === 3) {
      const set = this.#remember(new Set());
      for (const value of this.#several(depth)) set.add(value);
      return set;
    }
    const object = this.#remember({});
    for (const value of this.#several(depth)) this.#define(object, r.pick(keys), value);
    return object;
  }

  #several(depth) {
    return this.r.list(3, () => this.value(depth));
  }

  #define(object, key, value) {
    const { r } = this;
    const how = r.below(12);
    if (how === 0) Object.defineProperty(object, key, { value, configurable: true });
    else if (how === 1) {
      const got = this.isPlain ? this.#primitive() : value;
      Object.defineProperty(object, key, { get: () => got, enumerable: true, configurable: true });
    } else if (how === 2) object[Symbol('hidden')] = value;
    else {
      const writable = r.chance(90);
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable });
    }
  }

  #bytes() {
    const { r } = this;
    const buffers = this.#made.filter((value) => value instanceof ArrayBuffer);
    const isShared = buffers.length > 0 && r.chance(40);
    const buffer = isShared ? r.pick(buffers) : this.#remember(this.#buffer());
    if (r.chance(20)) return buffer;
    const View = r.pick(views);
    const offset = r.pick([0, 8]);
    return this.#remember(r.chance(40) ? new View(buffer) : new View(buffer, offset, r.below(2)));
  }

  #buffer() {
    const { r } = this;
    const buffer = r.chance(10) ? new ArrayBuffer(16, { maxByteLength: 32 }) : new ArrayBuffer(16);
    new Uint8Array(buffer).set(Array.from({ length: 16 }, () => r.below(256)));
    return buffer;
  }

  #builtIn() {
    const { r } = this;
    const make = r.pick([
      () => new Date(r.pick([0, -1.5, NaN, 1e12])),
      () => Object.assign(/a\/b/giu, { lastIndex: r.below(3) }),
      () => Object(r.pick(['boxed', -0, false, 7n])),
      () => Object.assign(new Date(5), { extra: 1 }),
      () => Object.freeze({ frozen: [1] }),
      () => new DOMException('of the DOM', r.pick(['AbortError', 'DataError', 'Own'])),
    ]);
    return this.#remember(make());
  }

  #error(depth) {
    const { r } = this;
    const message = r.pick(['', 'plain', 'line\nbreak', 'Error: again']);
    const Type = r.pick(errorTypes);
    let error = new Type(message);
    if (depth > 0 && r.chance(20)) error = new Type(message, { cause: this.value(depth) });
    if (depth > 0 && r.chance(10)) error = new AggregateError(this.#several(depth), message);
    this.#remember(error);
    if (r.chance(10)) delete error.message;
    if (depth > 0 && r.chance(30)) this.#define(error, r.pick(names), this.value(depth));
    return error;
  }

  #reference() {
    const { r, env } = this;
    const make = r.pick([
      () => () => 5,
      () => new Target(),
      () => new RpcStub(new Target()),
      () => new RpcStub({ own: () => 'own', value: [1] }),
      () => Object.assign(() => 5, { member: () => 6 }),
      () => env.SENT.getByName('sent along'),
      () => env.SERVICE,
    ]);
    return this.#remember(make());
  }

  #platform() {
    const { r } = this;
    const make = r.pick([
      () =>
        new Headers([
          ['b', '2'],
          ['A', '1'],
          ['a', '3'],
          ['set-cookie', 'x=1'],
        ]),
      () => new Request('http://a.b/c?d', { method: 'PUT', body: 'of a request' }),
      () => new Request('http://a.b/', { headers: { x: 'y' }, redirect: 'manual' }),
      () => new Response('of a response', { status: r.pick([200, 404]), statusText: 'Own' }),
      () => new Response(null, { status: 204 }),
      () => new Response('streamed').body,
      () => new Blob(['of a blob'], { type: 'text/x' }),
      () => AbortSignal.abort(r.pick(['why', undefined, new Error('why')])),
      () => new AbortController().signal,
    ]);
    return this.#remember(make());
  }

  #refused() {
    const { r, env } = this;
    const make = r.pick([
      () => Symbol('s'),
      () => new Plain(),
      () => Object.create(null),
      () => Object.create({ inherited: 1 }),
      () => Promise.resolve(),
      () => new URL('http://a.b/'),
      () => new WeakMap(),
      () => (function* () {})(),
      () => new File(['x'], 'name.txt'),
      () => new FormData(),
      () => new Proxy({ a: 1 }, {}),
      () => new Proxy([1], {}),
      () => new TransformStream(),
      () => Object.values(new WebSocketPair())[0],
      () => env.SENT,
      () => env.SENT.idFromName('x'),
      () => env.SERVICE.property,
      () => env.SERVICE.identity(1),
      () => ({
        get thrower() {
          throw new RangeError('of a getter');
        },
      }),
      () => new Event('x'),
      () => new ReadableStream({ start: (controller) => controller.close() }),
      () => new WritableStream(),
      () => new SharedArrayBuffer(4),
      () => structuredClone(new ArrayBuffer(4), { transfer: [] }),
      () => [1][Symbol.iterator](),
      () => new Intl.NumberFormat(),
      () => new TextEncoder(),
    ]);
    return make();
  }
}

/** @param {number} seed @param {any} env @param {boolean} isPlain without stubs and what only RPC can send */
export const makeValue = (seed, env, isPlain) => new Maker(new Random(seed), env, isPlain).value();
