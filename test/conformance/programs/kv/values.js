import { DurableObject, RpcTarget } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

class Point {
  constructor() {
    this.x = 1;
  }
  get y() {
    return 2;
  }
}

class MyError extends Error {
  constructor(message) {
    super(message);
    this.name = 'MyError';
    this.code = 'E_MINE';
  }
}

/** What comes back for each value put. */
async function roundTrip(storage, values) {
  const out = [];
  for (const value of values) {
    out.push(
      await attempt(async () => {
        await storage.put('k', value);
        return storage.get('k');
      }),
    );
  }
  return out;
}

const probes = {
  primitives: (storage) =>
    roundTrip(storage, [
      null,
      true,
      false,
      0,
      -0,
      1.5,
      NaN,
      -Infinity,
      2 ** 53,
      12n,
      -(2n ** 70n),
      '',
      'é\u0000',
      '\ud800',
    ]),
  objects: (storage) =>
    roundTrip(storage, [
      {},
      { a: undefined, b: null, c: { d: [] } },
      Object.assign(new Array(3), { 0: 1, 2: 3 }),
      new Date(0),
      new Date(NaN),
      /a+b/gi,
      new Map([[{ k: 1 }, new Set([1, 'two'])]]),
      new Set(),
      Object('text'),
      Object(5),
      Object(true),
    ]),
  buffers: (storage) => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    return roundTrip(storage, [
      bytes,
      bytes.buffer,
      bytes.subarray(2, 4),
      new DataView(bytes.buffer, 1, 2),
      new Float64Array([1.5]),
      new BigInt64Array([-1n]),
      new Uint16Array(bytes.buffer, 2, 2),
      new Uint8ClampedArray([300]),
      new ArrayBuffer(0),
    ]);
  },
  async 'shared-references'(storage) {
    const shared = { n: 1 };
    const cycle = { shared, again: shared };
    cycle.self = cycle;
    await storage.put('k', cycle);
    const got = await storage.get('k');
    return [got, got.self === got, got.shared === got.again];
  },
  errors: (storage) =>
    roundTrip(storage, [
      new Error('plain'),
      new TypeError('type'),
      new RangeError('range', { cause: 'because' }),
      new MyError('mine'),
      Object.assign(new Error('with'), { code: 5, detail: { a: 1 } }),
    ]),
  'class-instances': (storage) =>
    roundTrip(storage, [
      new Point(),
      {
        get computed() {
          return 7;
        },
      },
      Object.create(null),
      Object.create({ inherited: 1 }),
    ]),
  'not-cloneable': (storage) =>
    roundTrip(storage, [
      () => {},
      function named() {},
      Symbol('x'),
      Promise.resolve(1),
      new WeakMap(),
      new WeakSet(),
      new Proxy({}, {}),
      (function* () {})(),
      { nested: { fn: () => 1 } },
    ]),
  'platform-objects': (storage, request, env) =>
    roundTrip(storage, [
      new URL('http://a.b/'),
      new URLSearchParams('a=1'),
      new FormData(),
      new ReadableStream(),
      new RpcTarget(),
      env.PROBE.idFromName('x'),
      env.PROBE.getByName('x'),
      env.PROBE,
    ]),
  'throwing-getter': (storage) =>
    roundTrip(storage, [
      {
        get bad() {
          throw new RangeError('getter');
        },
      },
    ]),
};

export class Probe extends DurableObject {
  fetch(request) {
    const bound = Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [
        name,
        () => probe(this.ctx.storage, request, this.env),
      ]),
    );
    return answer(bound, request, null);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
