import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

const url = (path) => `http://cache.test/${path}`;
const cached = (body, init = {}) =>
  new Response(body, { ...init, headers: { 'cache-control': 'max-age=60', ...init.headers } });
/** Times differ from run to run. */
const shown = async (response) =>
  response && [
    response.status,
    response.statusText,
    [...response.headers].filter(([name]) => name !== 'date' && name !== 'expires'),
    await response.text(),
  ];
const matched = async (cache, path, init) => shown(await cache.match(new Request(url(path), init)));

const probes = {
  async basics() {
    const cache = caches.default;
    return [
      await cache.match(url('none')),
      await cache.put(url('a'), cached('A', { status: 201, headers: { 'x-own': '1' } })),
      await matched(cache, 'a'),
      await matched(cache, 'a'),
      await matched(cache, 'a?query'),
      await matched(await caches.open('named'), 'a'),
      await cache.put(url('a'), cached('replaced')),
      await matched(cache, 'a'),
      await cache.delete(url('a')),
      await cache.delete(url('a')),
      await matched(cache, 'a'),
      await cache.put(new Request(url('b'), { headers: { 'x-ignored': '1' } }), cached('B')),
      await matched(cache, 'b'),
      await cache.match(new URL(url('b'))).then(shown),
    ];
  },
  async named() {
    const [one, same, other] = await Promise.all(
      ['one', 'one', 'other'].map((name) => caches.open(name)),
    );
    await one.put(url('n'), cached('in one'));
    return [
      await matched(same, 'n'),
      await matched(other, 'n'),
      await matched(caches.default, 'n'),
      one === same,
    ];
  },
  async methods() {
    const cache = caches.default;
    await cache.put(url('m'), cached('M'));
    const post = () => new Request(url('m'), { method: 'POST' });
    return [
      await cache.match(post()),
      await cache.match(post(), { ignoreMethod: true }).then(shown),
      await cache.match(new Request(url('m'), { method: 'HEAD' })),
      await attempt(() => cache.put(post(), cached('x'))),
      await cache.delete(post()),
      await cache.delete(post(), { ignoreMethod: true }),
      await matched(cache, 'm'),
    ];
  },
  async refusals() {
    const cache = caches.default;
    return [
      await attempt(() => cache.put(url('r'), cached('x', { status: 206 }))),
      await attempt(() => cache.put(url('r'), cached('x', { headers: { vary: '*' } }))),
      await attempt(() => cache.put(url('r'), new Response(null, { status: 304 }))),
      await attempt(() => cache.put(url('r'), Response.error())),
      await attempt(() => cache.put('relative', cached('x'))),
      await attempt(() => cache.match('relative')),
      await attempt(() => cache.delete('relative')),
      await attempt(() => cache.put(url('r'))),
      await attempt(() => cache.put()),
      await attempt(() => cache.put(url('r'), 'text')),
      await attempt(() => cache.match()),
      await attempt(() => cache.delete()),
      await attempt(() => cache.add(url('r'))),
      await attempt(() => cache.addAll([])),
      await attempt(() => cache.matchAll()),
      await attempt(() => cache.keys()),
      await attempt(() => caches.match(url('r'))),
      await attempt(() => caches.has('x')),
      await attempt(() => caches.delete('x')),
      await attempt(() => caches.keys()),
      await attempt(() => caches.open()),
      await attempt(() => caches.open('n'.repeat(1024))),
      (await attempt(() => caches.open('n'.repeat(1023)))).text,
      await matched(cache, 'r'),
    ];
  },
  async 'cache-control'() {
    const cache = caches.default;
    const outcomes = {};
    const kinds = {
      none: {},
      'max-age': { 'cache-control': 'max-age=100' },
      zero: { 'cache-control': 'max-age=0' },
      's-maxage': { 'cache-control': 's-maxage=100, max-age=0' },
      'no-store': { 'cache-control': 'no-store' },
      'no-cache': { 'cache-control': 'no-cache, max-age=10' },
      private: { 'cache-control': 'private, max-age=10' },
      public: { 'cache-control': 'public' },
      expires: { expires: new Date(Date.now() + 100_000).toUTCString() },
      expired: { expires: new Date(Date.now() - 100_000).toUTCString() },
      cookie: { 'cache-control': 'max-age=100', 'set-cookie': 'a=b' },
      'private-cookie': { 'cache-control': 'max-age=100, private=Set-Cookie', 'set-cookie': 'a=b' },
      vary: { 'cache-control': 'max-age=100', vary: 'accept' },
      etag: { etag: '"e"' },
    };
    for (const [name, headers] of Object.entries(kinds)) {
      const put = await attempt(() => cache.put(url(name), new Response(name, { headers })));
      outcomes[name] = [put, await matched(cache, name)];
    }
    for (const status of [200, 301, 302, 307, 404, 405, 418, 500, 503]) {
      await cache.put(url(status), cached(`${status}`, { status }));
      outcomes[status] = await matched(cache, String(status));
    }
    return outcomes;
  },
  async conditions() {
    const cache = caches.default;
    const modified = 'Tue, 01 Sep 2026 10:00:00 GMT';
    await cache.put(
      url('c'),
      cached('body', { headers: { etag: '"tag"', 'last-modified': modified } }),
    );
    const when = (headers) => matched(cache, 'c', { headers });
    return [
      await when({ 'if-none-match': '"tag"' }),
      await when({ 'if-none-match': 'W/"tag"' }),
      await when({ 'if-none-match': '"other", "tag"' }),
      await when({ 'if-none-match': '*' }),
      await when({ 'if-none-match': '"other"' }),
      await when({ 'if-modified-since': modified }),
      await when({ 'if-modified-since': 'Tue, 01 Sep 2026 09:59:59 GMT' }),
      await when({ 'if-modified-since': 'nonsense' }),
    ];
  },
  async ranges() {
    const cache = caches.default;
    await cache.put(url('ranged'), cached('0123456789'));
    const outcomes = {};
    for (const range of [
      'bytes=0-3',
      'bytes=4-',
      'bytes=-3',
      'bytes=8-100',
      'bytes=20-',
      'bytes=3-2',
      'lines=1-2',
    ])
      outcomes[range] = await matched(cache, 'ranged', { headers: { range } });
    return outcomes;
  },
  async bodies() {
    const cache = caches.default;
    const response = cached('once');
    await cache.put(url('used'), response);
    const big = new Uint8Array(3_000_000).map((_, i) => i % 251);
    await cache.put(url('big'), cached(big));
    const back = new Uint8Array(await (await cache.match(url('big'))).arrayBuffer());
    const { readable, writable } = new TransformStream();
    const put = cache.put(url('stream'), cached(readable));
    const writer = writable.getWriter();
    for (const part of ['one ', 'two']) await writer.write(new TextEncoder().encode(part));
    await writer.close();
    await put;
    return [
      response.bodyUsed,
      await attempt(() => cache.put(url('used'), response)),
      back.length,
      back.every((byte, i) => byte === i % 251),
      await (await cache.match(url('stream'))).text(),
      await cache.put(url('null'), cached(null)),
      await matched(cache, 'null'),
    ];
  },
  shape() {
    return [
      caches.constructor.name,
      caches.default.constructor.name,
      String(caches),
      String(caches.default),
      caches instanceof CacheStorage,
      caches.default instanceof Cache,
      caches.default === caches.default,
      Object.keys(caches),
      attemptSync(() => new Cache()),
      attemptSync(() => new CacheStorage()),
    ];
  },
  async kept() {
    return [await matched(caches.default, 'c'), await matched(await caches.open('one'), 'n')];
  },
  'from-object': ({ OBJECT }) => OBJECT.getByName('a').run(),
};

export class Holder extends DurableObject {
  async run() {
    await this.ctx.storage.put('n', 1);
    await caches.default.put(url('object'), cached('from an object'));
    return show(await matched(caches.default, 'object'));
  }
}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
