import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

/** What show() does not look into. */
function describe(value) {
  if (value instanceof Headers) return ['Headers', ...value, mutable(value)];
  if (value instanceof Request || value instanceof Response) {
    const { constructor, url, method, redirect, cache, cf, status, statusText, type, ok } = value;
    const parts = { url, method, redirect, cache, cf, status, statusText, type, ok };
    const { signal, webSocket, redirected, body } = value;
    const more = { hasSignal: signal instanceof AbortSignal, webSocket, redirected, body };
    return [constructor.name, parts, more, describe(value.headers)];
  }
  if (value instanceof Map) return [...value].map((pair) => pair.map(describe));
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, describe);
  if (value?.constructor === Object)
    return Object.entries(value).map(([key, item]) => [key, describe(item)]);
  return value;
}

const mutable = (headers) => attemptSync(() => headers.set('a', 'set'));

/** Through the storage, and through structuredClone. */
async function roundTrip({ storage }, makers) {
  const out = [];
  for (const make of makers) {
    out.push(
      await attempt(async () => {
        await storage.put('k', make());
        return describe(await storage.get('k'));
      }),
      attemptSync(() => describe(structuredClone(make()))),
    );
  }
  return out;
}

const init = { headers: { x: 'y', Accept: '*/*', 'Set-Cookie': 'a=1' } };
const cookies = [
  ['set-cookie', 'a=1'],
  ['x-custom', 'é'],
  ['set-cookie', 'b=2'],
  ['accept', '1'],
  ['Accept', '2'],
];
class MyHeaders extends Headers {}
class MyRequest extends Request {}

const probes = {
  headers: (self) =>
    roundTrip(self, [
      () => new Headers(),
      () => new Headers({ a: 'b' }),
      () => new Headers(cookies),
      () => Response.redirect('http://a.b/').headers,
      () => new MyHeaders({ a: 'b' }),
    ]),
  incoming: (self, request) =>
    roundTrip(self, [() => new Headers([...request.headers].filter(([name]) => name === 'x-a'))]),
  requests: (self) =>
    roundTrip(self, [
      () => new Request('http://a.b/c?d=é#f'),
      () => new Request('http://a.b/', { ...init, method: 'DELETE', redirect: 'manual' }),
      () => new Request('http://a.b/', { cache: 'no-store', cf: { a: { b: [1] } } }),
      () => new Request(new Request('http://a.b/', init)),
      () => new MyRequest('http://a.b/', init),
      () => new Request('http://a.b/', { method: 'POST', body: '' }),
      () => new Request('http://a.b/', { method: 'POST', body: 'text' }),
      () => new Request('http://a.b/', { signal: new AbortController().signal }),
      () => new Request('http://a.b/', { signal: AbortSignal.abort() }),
    ]),
  responses: (self) =>
    roundTrip(self, [
      () => new Response(),
      () => new Response(null, init),
      () => new Response(null, { status: 204, statusText: 'Nothing', cf: { a: 1 } }),
      () => new Response(null, { status: 304 }),
      () => new Response(null, { encodeBody: 'manual' }),
      () => Response.error(),
      () => Response.redirect('http://a.b/', 307),
      () => new Response(''),
      () => new Response('text'),
      () => Response.json({}),
      () => new Response(null, { status: 101, webSocket: new WebSocketPair()[0] }),
    ]),
  'inside-others': (self) => {
    const shared = new Headers({ a: 'b' });
    return roundTrip(self, [
      () => ({ headers: new Headers(init.headers), other: [new Date(5), undefined] }),
      () => [new Request('http://a.b/'), new Response(null), new Error('e')],
      () => new Map([[new Headers({ k: 'v' }), new Set([new Response()])]]),
      () => ({ bad: new Response('text'), good: new Headers() }),
      () => [new Headers(), new URL('http://a.b/')],
      () => [shared, { shared }],
      () => Object.assign(new Error('with headers'), { headers: shared }),
    ]);
  },
  async same({ storage }) {
    const headers = new Headers({ a: 'b' });
    await storage.put('k', [headers, headers]);
    const [first, second] = await storage.get('k');
    const [third, fourth] = structuredClone([headers, headers]);
    return [first === second, third === fourth, first === headers, third === headers];
  },
  blobs: () =>
    [new Blob(['x'], { type: 'a/b' }), new File(['x'], 'name')].map((value) =>
      attemptSync(() => structuredClone(value).constructor.name),
    ),
  transactions: async ({ storage }) => {
    await attempt(() =>
      storage.transaction(async (txn) => {
        await txn.put('t', new Headers({ a: '1' }));
        throw new Error('rolled back');
      }),
    );
    storage.kv.put('s', { headers: new Headers({ a: '2' }) });
    return [await storage.get('t'), describe(storage.kv.get('s').headers)];
  },
};

export class Probe extends DurableObject {
  storage = this.ctx.storage;

  fetch(request) {
    return answer(probes, request, this);
  }
}

export default {
  fetch(request, env) {
    return env.PROBE.getByName(new URL(request.url).pathname).fetch(request);
  },
};
