import { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt, show } from '../probe.js';

async function each(values, action) {
  const out = [];
  for (const value of values) out.push(await attempt(() => action(value)));
  return out;
}

/** Like show(), with what show() does not look into. */
function describe(value) {
  if (typeof value === 'function') return 'a stub';
  if (value instanceof Blob) return `${value.constructor.name} ${value.type} ${value.size}`;
  return value;
}

class Plain {
  x = 1;
}
class Sub extends Plain {}
class MyArray extends Array {}
class MyMap extends Map {}
class MyError extends TypeError {
  name = 'MyError';
}
class MyDate extends Date {}

class Target extends RpcTarget {
  hello() {
    return 'hello';
  }
}

const probes = {
  primitives: ({ thing }) =>
    each(
      [
        '',
        'a\u0000é\ud800',
        0,
        -0,
        Infinity,
        NaN,
        2 ** 53,
        -(10n ** 30n),
        true,
        Object('s'),
        Object(-0),
        Object(false),
        Object(5n),
      ],
      (value) => thing.identity(value),
    ),
  'built-ins': ({ thing }) =>
    each(
      [
        new Date(NaN),
        new Date(-1.5),
        /a\/b/giu,
        new Map([[{ k: 1 }, new Map()]]),
        new Set([new Set([1]), 'x']),
        new MyArray(1, 2),
        new MyMap([[1, 2]]),
        new MyDate(5),
        Object.assign(/x/g, { lastIndex: 3 }),
      ],
      (value) => thing.identity(value),
    ),
  binary: ({ thing }) =>
    each(
      [
        new ArrayBuffer(0),
        new Uint8Array([1, 2]).buffer,
        new Uint16Array([1, 2]),
        new Float64Array([1.5]),
        new BigInt64Array([-1n]),
        new Uint8ClampedArray([300]),
        new DataView(new ArrayBuffer(4), 1, 2),
        new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
      ],
      (value) => thing.identity(value),
    ),
  async 'shared-buffers'({ thing }) {
    const buffer = new ArrayBuffer(8);
    const [a, b, c] = await thing.identity([
      new Uint8Array(buffer, 2, 2),
      new Uint16Array(buffer),
      buffer,
    ]);
    a[0] = 7;
    return [a, b, a.buffer === b.buffer, c === a.buffer, a.byteOffset, buffer.byteLength];
  },
  async 'extra-properties'({ thing }) {
    const list = Object.assign([1], { extra: 'kept' });
    const date = Object.assign(new Date(0), { extra: 'lost' });
    const map = Object.assign(new Map(), { extra: 'lost' });
    const [a, b, c] = await thing.identity([list, date, map]);
    return [Object.keys(a), a.extra, b.extra, c.extra];
  },
  async accessors({ thing }) {
    let reads = 0;
    const value = {
      get a() {
        reads += 1;
        return { n: reads };
      },
      set b(_value) {},
    };
    return [await thing.identity(value), reads];
  },
  async 'own-keys'({ thing }) {
    const value = { a: 1, [Symbol('s')]: 2 };
    Object.defineProperty(value, 'hidden', { value: 3, enumerable: false });
    Object.defineProperty(value, '__proto__', { value: 4, enumerable: true });
    const back = await thing.identity(value);
    return [Object.getOwnPropertyNames(back).sort(), Object.getOwnPropertySymbols(back).length];
  },
  arguments({ thing }) {
    const list = (function () {
      return arguments;
    })(1, 2);
    return each([list, Math, JSON, Reflect], (value) => thing.identity(value));
  },
  async 'by-reference'({ thing }) {
    const value = {
      f: (x) => x + 1,
      target: new Target(),
      stub: new RpcStub(new Target()),
      list: [() => 'in a list'],
      map: new Map([['k', () => 'in a map']]),
    };
    return [await thing.useMany(value), typeof value.f];
  },
  async 'same-reference'({ thing }) {
    const f = () => 'f';
    const target = new Target();
    const [a, b, c, d] = await thing.identity([f, f, target, target]);
    return [await attempt(() => a()), a === b, c === d, await attempt(() => c.hello())];
  },
  classes: ({ thing }) =>
    each(
      [Plain, function named() {}, (() => 1).bind(null), async () => 1, Target],
      async (value) => [
        typeof (await thing.identity(value)),
        await attempt(() => thing.call(value)),
      ],
    ),
  async 'callable-members'({ thing }) {
    const f = Object.assign(() => 'called', { member: () => 'member', value: 5 });
    return [
      await thing.call(f),
      await thing.callMember(f),
      await attempt(() => thing.readValue(f)),
    ];
  },
  async headers({ thing }) {
    const headers = new Headers([
      ['b', '2'],
      ['A', '1'],
      ['a', '3'],
      ['set-cookie', 'x=1'],
      ['set-cookie', 'y=2'],
    ]);
    const back = await thing.identity(headers);
    return [[...back], back.getSetCookie(), back === headers, back instanceof Headers];
  },
  async requests({ thing }) {
    const stream = new Response('from a stream').body;
    return [
      await thing.describeRequest(new Request('http://a.b/c?d#e')),
      await thing.describeRequest(
        new Request('http://a.b/', { method: 'PUT', body: 'text', redirect: 'manual' }),
      ),
      await thing.describeRequest(
        new Request('http://a.b/', { method: 'POST', body: stream, headers: { 'x-a': 'b' } }),
      ),
      await thing.describeRequest(
        new Request('http://a.b/', { cf: { some: { field: 1 } }, method: 'DELETE' }),
      ),
    ];
  },
  async 'request-back'({ thing }) {
    const request = new Request('http://a.b/c', { method: 'POST', body: 'there and back' });
    const back = await thing.identity(request);
    return [request.bodyUsed, back instanceof Request, back.url, await back.text()];
  },
  async 'request-signal'({ thing }) {
    const controller = new AbortController();
    const request = new Request('http://a.b/', { signal: controller.signal });
    return [await attempt(async () => (await thing.identity(request)).signal.aborted)];
  },
  async responses({ thing }) {
    const response = await thing.makeResponse();
    return [
      response.status,
      response.statusText,
      response.ok,
      response.url,
      response.redirected,
      [...response.headers],
      await response.json(),
      typeof response[Symbol.dispose],
    ];
  },
  'response-kinds': ({ thing }) =>
    each(
      [
        new Response(null, { status: 204 }),
        Response.redirect('http://a.b/', 303),
        Response.error(),
        Response.json({ a: 1 }, { status: 418 }),
        new Response(new Uint8Array([1, 2])),
        new Response('x', { cf: { a: 1 } }),
      ],
      async (value) => {
        const back = await thing.identity(value);
        const { status, statusText, type, headers, body } = back;
        return [status, statusText, type, [...headers], body === null, await back.text()];
      },
    ),
  async 'response-websocket'({ thing }) {
    const [client] = Object.values(new WebSocketPair());
    return [
      await attempt(() => thing.identity(new Response(null, { status: 101, webSocket: client }))),
      await attempt(() => thing.identity(client)),
    ];
  },
  async 'used-bodies'({ thing }) {
    const response = new Response('read');
    await response.text();
    const request = new Request('http://a.b/', { method: 'POST', body: 'read' });
    await request.text();
    const locked = new Response('locked');
    locked.body.getReader();
    return each([response, request, locked], async (value) => (await thing.identity(value)).text());
  },
  async blobs({ thing }) {
    const blob = new Blob(['abc', new Uint8Array([65])], { type: 'text/x' });
    const back = await attempt(async () => describe(await thing.identity(blob)));
    return [
      back,
      await attempt(async () => (await thing.identity(blob)).text()),
      await attempt(() => thing.identity(new File(['x'], 'name.txt'))),
    ];
  },
  exceptions: ({ thing }) =>
    each(
      [
        new DOMException('text', 'AbortError'),
        new DOMException('only text'),
        Object.assign(new DOMException('with more', 'DataError'), { extra: 1 }),
      ],
      async (value) => {
        const back = await thing.identity(value);
        return [back, back.code, back instanceof DOMException, back.extra];
      },
    ),
  async signals({ thing }) {
    const controller = new AbortController();
    return [
      await attempt(async () => (await thing.identity(controller.signal)).aborted),
      await attempt(async () => (await thing.identity(AbortSignal.abort('why'))).reason),
      await attempt(() => thing.identity(controller)),
    ];
  },
  stubs: async ({ thing, exports, T }) => [
    await thing.callStub(T.getByName('other')),
    await attempt(() => thing.callStub(exports.Entry)),
    await thing.callStub(exports.Entry({ props: { p: 1 } })),
    await (await thing.identity(T.getByName('third'))).hello(),
    (await thing.identity(T.getByName('named'))).name === undefined,
    await (await thing.identity(exports.Entry({}))).hello(),
    Object.prototype.toString.call(await thing.identity(exports.Entry({}))),
    Object.prototype.toString.call(await thing.identity(T.getByName('x'))),
  ],
  'not-serialisable': ({ thing, T, ctx, env }) =>
    each(
      [
        new URL('http://a.b/'),
        new URLSearchParams('a=b'),
        new FormData(),
        new TransformStream(),
        new TextEncoder(),
        new EventTarget(),
        new Event('x'),
        T,
        T.idFromName('x'),
        ctx,
        env,
        crypto.subtle,
        crypto,
        new AbortController(),
        new ReadableStream().getReader(),
      ],
      (value) => thing.identity(value),
    ),
  instances: ({ thing }) =>
    each(
      [
        new Plain(),
        new Sub(),
        new (class {})(),
        Object.create(Plain.prototype),
        Object.create({ x: 1 }),
        new MyError('of a class'),
        Object.create(Object.create(Object.prototype)),
      ],
      (value) => thing.identity(value),
    ),
  'null-prototype': ({ thing }) =>
    each([Object.create(null), { inner: Object.create(null) }], (value) => thing.identity(value)),
  proxies: ({ thing }) =>
    each(
      [
        new Proxy({ a: 1 }, {}),
        new Proxy(new Target(), {}),
        new Proxy(() => 'function', {}),
        new Proxy([1], {}),
        new Proxy(new Plain(), {}),
        new Proxy(new Map(), {}),
        new Proxy(Object.create(null), {}),
        { inner: new Proxy(new Date(), {}) },
      ],
      async (value) => typeof (await thing.identity(value)),
    ),
  'v8-refuses': ({ thing }) =>
    each(
      [
        Symbol('s'),
        Symbol.iterator,
        Object(Symbol('boxed')),
        new WeakMap(),
        new WeakSet(),
        new WeakRef({}),
        Promise.resolve(),
        (function* () {})(),
        [][Symbol.iterator](),
        new Map().entries(),
        new FinalizationRegistry(() => {}),
        new Intl.NumberFormat(),
      ],
      (value) => thing.identity(value),
    ),
  'deep-errors': ({ thing }) =>
    each(
      [
        { a: [{ b: Symbol('deep') }] },
        new Map([['k', new WeakMap()]]),
        new Set([new Plain()]),
        [1, new URL('http://a.b/')],
        Object.assign(new Error('with a symbol'), { s: Symbol('in an error') }),
        Object.assign(new Error('with a function'), { f() {} }),
      ],
      (value) => thing.identity(value),
    ),
  'refused-results': async ({ thing, entry }) => {
    const kinds = [
      'symbol',
      'instance',
      'bare',
      'promise',
      'url',
      'deep',
      'namespace',
      'generator',
    ];
    return [
      await each(kinds, (kind) => thing.refused(kind)),
      await each(kinds, (kind) => entry.refused(kind)),
    ];
  },
  async sparse({ thing }) {
    const list = new Array(6);
    list[1] = 1;
    list[3] = undefined;
    return [await thing.identity(list), await thing.identity([-0, { u: undefined, z: -0 }])];
  },
  async cycles({ thing }) {
    const a = { name: 'a', list: [] };
    a.self = a;
    a.list.push(a, a.list);
    const map = new Map();
    map.set('map', map);
    const [back, m] = await thing.identity([a, map]);
    return [
      back.self === back,
      back.list[0] === back,
      back.list[1] === back.list,
      m.get('map') === m,
    ];
  },
  async depth({ thing }) {
    let list = [];
    for (let i = 0; i < 200; i++) list = [list];
    return [await thing.depthOf(list), await thing.depthOf(await thing.identity(list))];
  },
  async 'too-deep'({ thing }) {
    const outcomes = [];
    for (const kind of ['list', 'error']) {
      outcomes.push(await attempt(async () => void (await thing.identity(tooDeep(kind)))));
      outcomes.push(await attempt(async () => void (await thing.throwDeep(kind))));
    }
    // What the refusal says is the engine's; that there is one, and that the object goes on, is not.
    return [outcomes.map(({ text }) => text.startsWith('rejected')), await thing.depthOf([[]])];
  },
  async disposers({ thing }) {
    const has = async (value) => typeof (await thing.identity(value))?.[Symbol.dispose];
    const out = [];
    for (const value of [1, 'x', null, undefined, {}, [], new Map(), new Date(), new Error('e')])
      out.push(await has(value));
    out.push(await has(() => {}), await has(new Response('x')), await has(new Headers()));
    out.push(await has(new Uint8Array(1)), await has({ inner: {} }));
    const nested = await thing.identity({ inner: {} });
    const slot = Object.getOwnPropertyDescriptor(nested, Symbol.dispose);
    out.push(
      typeof nested.inner[Symbol.dispose],
      slot.enumerable,
      slot.writable,
      slot.configurable,
    );
    return [...out, show(nested)];
  },
  'no-arguments': async ({ thing }) => [
    await thing.countArguments(),
    await thing.countArguments(undefined),
    await thing.countArguments(undefined, undefined),
    await thing.nothing(),
    await thing.emptyPromise(),
  ],
};

const refused = {
  symbol: () => Symbol('s'),
  instance: () => new Plain(),
  bare: () => Object.create(null),
  promise: () => ({ p: Promise.resolve() }),
  url: () => new URL('http://a.b/'),
  deep: () => [{ x: new WeakSet() }],
  namespace: (env) => env.T,
  generator: () => (function* () {})(),
};

function tooDeep(kind) {
  let value = kind === 'list' ? [] : new Error('deepest');
  for (let i = 0; i < 200_000; i++) {
    value = kind === 'list' ? [value] : Object.assign(new Error('outer'), { cause: value });
  }
  return value;
}

export class Thing extends DurableObject {
  identity(value) {
    return value;
  }
  depthOf(list) {
    let depth = 0;
    for (let at = list; at.length > 0; at = at[0]) depth += 1;
    return depth;
  }
  throwDeep(kind) {
    throw Object.assign(new Error('with a deep value'), { value: tooDeep(kind) });
  }
  refused(kind) {
    return refused[kind](this.env);
  }
  call(f) {
    return f();
  }
  callMember(f) {
    return f.member();
  }
  readValue(f) {
    return f.value;
  }
  async useMany({ f, target, stub, list, map }) {
    return [
      await f(1),
      await target.hello(),
      await stub.hello(),
      await list[0](),
      await map.get('k')(),
    ];
  }
  async describeRequest(request) {
    return {
      method: request.method,
      url: request.url,
      redirect: request.redirect,
      headers: [...request.headers],
      cf: request.cf,
      hasBody: request.body !== null,
      text: await request.text(),
    };
  }
  makeResponse() {
    return Response.json(
      { made: 'here' },
      { status: 202, statusText: 'Fine', headers: { b: 'c' } },
    );
  }
  async callStub(stub) {
    return stub.hello();
  }
  hello() {
    return `hello from ${this.ctx.id.name}`;
  }
  countArguments() {
    return arguments.length;
  }
  nothing() {}
  async emptyPromise() {}
}

export class Entry extends WorkerEntrypoint {
  hello() {
    return ['entry', this.ctx.props];
  }
  refused(kind) {
    return refused[kind](this.env);
  }
}

export default {
  fetch(request, env, ctx) {
    const { T } = env;
    const { exports } = ctx;
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe({ thing: T.getByName(name), entry: exports.Entry, exports, T, ctx, env }),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
