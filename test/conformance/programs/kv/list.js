import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

async function fill(storage) {
  await storage.put({ a: 1, b: 2, 'b/1': 21, 'b/2': 22, c: 3, d: 4 });
}

function keys(map) {
  return [...map.keys()].join(' ');
}

async function listKeys(storage, ...options) {
  const out = [];
  for (const option of options)
    out.push(`${JSON.stringify(option)}: ${keys(await storage.list(option))}`);
  return out;
}

const probes = {
  async all(storage) {
    await fill(storage);
    return storage.list();
  },
  async ranges(storage) {
    await fill(storage);
    return listKeys(
      storage,
      {},
      { start: 'b' },
      { startAfter: 'b' },
      { end: 'c' },
      { start: 'b', end: 'c' },
      { start: 'b', end: 'b' },
      { start: 'c', end: 'b' },
      { start: 'bb' },
      { start: '' },
      { end: '' },
    );
  },
  async prefix(storage) {
    await fill(storage);
    return listKeys(
      storage,
      { prefix: 'b' },
      { prefix: 'b/' },
      { prefix: '' },
      { prefix: 'zz' },
      { prefix: 'b', start: 'a' },
      { prefix: 'b', start: 'b/1' },
      { prefix: 'b', startAfter: 'b/1' },
      { prefix: 'b', start: 'c' },
      { prefix: 'b', end: 'b/2' },
      { prefix: 'b', end: 'z' },
      { prefix: 'b', end: 'a' },
      { prefix: 'b', reverse: true, limit: 2 },
    );
  },
  async 'reverse-limit'(storage) {
    await fill(storage);
    return listKeys(
      storage,
      { limit: 2 },
      { limit: 2, reverse: true },
      { start: 'b', limit: 1, reverse: true },
      { end: 'c', limit: 1, reverse: true },
      { startAfter: 'a', end: 'd', reverse: true },
      { limit: 100 },
      { limit: 2.9 },
    );
  },
  async 'limit-errors'(storage) {
    return [
      await attempt(() => storage.list({ limit: 0 })),
      await attempt(() => storage.list({ limit: -1 })),
      await attempt(() => storage.list({ limit: NaN })),
      await attempt(() => storage.list({ limit: 'x' })),
      await attempt(() => storage.list({ limit: undefined })),
      await attempt(() => storage.list({ start: 'a', startAfter: 'b' })),
      await attempt(() => storage.list(null)),
      await attempt(() => storage.list({ prefix: null })),
    ];
  },
  async 'byte-order'(storage) {
    const names = ['\u{10000}', '\uff61', 'z', 'Z', 'é', 'a', 'aa', 'a\u0000', ''];
    for (const name of names) await storage.put(name, 1);
    return [...(await storage.list()).keys()].map((k) =>
      [...k].map((c) => c.codePointAt(0).toString(16)).join('.'),
    );
  },
  async 'prefix-bytes'(storage) {
    await storage.put({ é1: 1, é2: 2, ê: 3, '\u{10ffff}x': 4, '\u{10ffff}': 5, '%_': 6, '%x': 7 });
    return listKeys(
      storage,
      { prefix: 'é' },
      { prefix: '\u{10ffff}' },
      { prefix: '%_' },
      { prefix: '%' },
    );
  },
  async paging(storage) {
    await storage.put(
      Object.fromEntries(
        Array.from({ length: 25 }, (_, i) => [`k${String(i).padStart(2, '0')}`, i]),
      ),
    );
    const pages = [];
    for (let startAfter; ;) {
      const page = await storage.list({
        limit: 10,
        ...(startAfter === undefined ? {} : { startAfter }),
      });
      if (page.size === 0) return pages;
      pages.push(keys(page));
      startAfter = [...page.keys()].at(-1);
    }
  },
  async map(storage) {
    await fill(storage);
    const map = await storage.list({ limit: 2 });
    map.set('mine', 1);
    return [map instanceof Map, map, (await storage.list()).has('mine')];
  },
};

export class Probe extends DurableObject {
  fetch(request) {
    return answer(probes, request, this.ctx.storage);
  }
}

export default {
  fetch: (request, env) => env.PROBE.getByName(request.url).fetch(request),
};
