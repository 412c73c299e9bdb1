import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';

const KEYS = { 'at-64': 'x'.repeat(64), 'at-512': 'k'.repeat(512), 'at-513': 'k'.repeat(513) };
const text = (bytes) => new TextDecoder().decode(bytes);
const streamOf = (...parts) =>
  new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else controller.enqueue(new TextEncoder().encode(part));
    },
  });
const withoutCursor = ({ cursor, ...rest }) => ({ ...rest, cursor: typeof cursor });
const now = () => Math.floor(Date.now() / 1000);
/** Times differ from run to run. */
const without = (outcome) => ({ ...outcome, text: outcome.text.replace(/\d{8,}/g, '<time>') }).text;

const probes = {
  async 'get-types'({ KV }) {
    await KV.put('t', '{"a":[1,"ü"]}');
    return [
      await KV.get('t'),
      await KV.get('t', 'text'),
      await KV.get('t', 'json'),
      await KV.get('t', 'arrayBuffer'),
      text(await new Response(await KV.get('t', 'stream')).arrayBuffer()),
      await KV.get('t', { type: 'json' }),
      await KV.get('t', {}),
      await attempt(() => KV.get('t', 'blob')),
      await attempt(() => KV.get('t', { type: 'blob' })),
      await KV.get('none'),
      await KV.get('none', 'json'),
      await KV.get('none', 'stream'),
      await attempt(() => KV.get('none', 'blob')),
    ];
  },
  async 'put-values'({ KV }) {
    const [read, locked] = [new Response('x').body, streamOf('x')];
    await read.cancel();
    locked.getReader();
    await KV.put('string', 'text ü');
    await KV.put('buffer', new Uint8Array([0, 1, 255]).buffer);
    await KV.put('view', new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
    await KV.put('stream', streamOf('one ', 'two'));
    await KV.put('empty', '');
    await KV.put('number', 42);
    const values = {};
    for (const key of ['string', 'buffer', 'view', 'stream', 'empty', 'number'])
      values[key] = await KV.get(key, 'arrayBuffer');
    return [
      values,
      await attempt(() => KV.put('object', {})),
      await attempt(() => KV.put('array', [1])),
      await attempt(() => KV.put('date', new Date(0))),
      await attempt(() => KV.put('null', null)),
      await attempt(() => KV.put('read', read)),
      await attempt(() => KV.put('locked', locked)),
      await attempt(() => KV.put('no-value')),
      await KV.get('null'),
      await attempt(() => KV.put('undefined')),
      await attempt(() => KV.put('bad-json', '{')),
      (await attempt(() => KV.get('bad-json', 'json'))).text.slice(0, 24),
    ];
  },
  async keys({ KV }) {
    const bad = ['', '.', '..', KEYS['at-513'], 'ü'.repeat(257)];
    const outcomes = [];
    for (const key of bad) {
      outcomes.push(await attempt(() => KV.get(key)));
      outcomes.push(await attempt(() => KV.getWithMetadata(key)));
      outcomes.push(await attempt(() => KV.put(key, 'x')));
      outcomes.push(await attempt(() => KV.delete(key)));
    }
    for (const key of [
      KEYS['at-512'],
      'a/b c?d#e%20',
      'ü',
      '\u0000',
      '__proto__',
      7,
      null,
      undefined,
      true,
    ]) {
      await KV.put(key, 'v');
      outcomes.push([String(key).length, await KV.get(key)]);
    }
    outcomes.push(
      await attempt(() => KV.get()),
      await attempt(() => KV.delete()),
      await attempt(() => KV.put()),
    );
    outcomes.push((await KV.list()).keys.map(({ name }) => name));
    return outcomes;
  },
  async metadata({ KV }) {
    await KV.put('m', 'v', { metadata: { a: 1, list: [true, null] } });
    await KV.put('none', 'v');
    await KV.put('null', 'v', { metadata: null });
    await KV.put('text', 'v', { metadata: 'just text' });
    await KV.put('unicode', 'v', { metadata: 'ü€' });
    return [
      await KV.getWithMetadata('m'),
      await KV.getWithMetadata('m', 'json').catch((error) => error.name),
      await KV.getWithMetadata('m', 'arrayBuffer'),
      await KV.getWithMetadata('none'),
      await KV.getWithMetadata('null'),
      await KV.getWithMetadata('text', { type: 'text' }),
      await KV.getWithMetadata('missing'),
      await attempt(() => KV.put('long', 'v', { metadata: 'x'.repeat(1022) })),
      await attempt(() => KV.put('long', 'v', { metadata: 'x'.repeat(1023) })),
      await KV.getWithMetadata('m').then(Object.keys),
      await KV.list(),
    ];
  },
  async expiration({ KV }) {
    await KV.put('ttl', 'v', { expirationTtl: 60 });
    await KV.put('at', 'v', { expiration: now() + 120 });
    await KV.put('both', 'v', { expiration: now() + 120, expirationTtl: 3600 });
    const { keys } = await KV.list();
    return [
      keys.map(({ name, expiration }) => [name, Math.round((expiration - now()) / 60)]),
      await KV.getWithMetadata('ttl'),
      await attempt(() => KV.put('x', 'v', { expirationTtl: 59 })),
      await attempt(() => KV.put('x', 'v', { expirationTtl: 0 })),
      await attempt(() => KV.put('x', 'v', { expirationTtl: -1 })),
      await attempt(() => KV.put('x', 'v', { expirationTtl: NaN })),
      await attempt(() => KV.put('x', 'v', { expirationTtl: 'nonsense' })),
      await attempt(() => KV.put('ok', 'v', { expirationTtl: '61' })),
      await attempt(() => KV.put('ok', 'v', { expirationTtl: 61.9 })),
      without(await attempt(() => KV.put('x', 'v', { expiration: 1 }))),
      without(await attempt(() => KV.put('x', 'v', { expiration: now() + 30 }))),
      await attempt(() => KV.put('ok', 'v', { expirationTtl: undefined, expiration: undefined })),
      await attempt(() => KV.put('x', 'v', null)),
      await attempt(() => KV.put('x', 'v', 'nonsense')),
      await KV.get('x'),
    ];
  },
  async 'cache-ttl'({ KV }) {
    await KV.put('c', 'v');
    return [
      await attempt(() => KV.get('c', { cacheTtl: 30 })),
      await attempt(() => KV.get('c', { cacheTtl: 29 })),
      await attempt(() => KV.get('c', { cacheTtl: 0 })),
      await attempt(() => KV.get('c', { cacheTtl: -5 })),
      await attempt(() => KV.get('c', { cacheTtl: 60, type: 'json' })).then(({ text }) =>
        text.slice(0, 20),
      ),
      await attempt(() => KV.getWithMetadata('c', { cacheTtl: 1 })),
      await attempt(() => KV.get(['c'], { cacheTtl: 1 })),
    ];
  },
  async deletes({ KV }) {
    await KV.put('d', 'v');
    return [
      await attempt(() => KV.delete('d')),
      await KV.get('d'),
      await attempt(() => KV.delete('d')),
      await attempt(() => KV.delete('never')),
    ];
  },
  async list({ KV }) {
    for (const name of ['b', 'a', 'c/1', 'c/2', 'C', 'ü', 'c%', 'c_'])
      await KV.put(name, 'v', { metadata: name });
    const first = await KV.list({ limit: 3 });
    const second = await KV.list({ limit: 3, cursor: first.cursor });
    const third = await KV.list({ limit: 3, cursor: second.cursor });
    return [
      await KV.list(),
      await KV.list({ prefix: 'c' }),
      await KV.list({ prefix: 'c/' }),
      await KV.list({ prefix: 'none' }),
      await KV.list({ prefix: null, cursor: null }),
      [first, second, third].map(withoutCursor),
      first.cursor,
      await KV.list({ prefix: 'c', limit: 2 }),
      await attempt(() => KV.list({ limit: 0 })).then(({ text }) => text.length),
      await attempt(() => KV.list({ limit: -1 })).then(({ text }) => text.length),
      await attempt(() => KV.list({ limit: 1001 })),
      await attempt(() => KV.list({ limit: 'nonsense' })).then(({ text }) => text.length),
      await attempt(() => KV.list({ prefix: KEYS['at-513'] })),
      await attempt(() => KV.list(null)).then(({ text }) => text.length),
    ];
  },
  async bulk({ KV }) {
    await KV.put('one', 'one', { metadata: { m: 1 } });
    await KV.put('two', '{"two":2}');
    await KV.put('b', 'bee');
    const many = Array.from({ length: 101 }, (_, i) => `k${i}`);
    return [
      await KV.get(['b', 'two', 'none']),
      await KV.get(['two', 'none'], 'json'),
      await KV.get(['two'], { type: 'json' }),
      await KV.get(['b', 'b']),
      await KV.getWithMetadata(['one', 'b', 'none']),
      await KV.getWithMetadata(['two'], 'json'),
      await attempt(() => KV.get(['b'], 'json')),
      await attempt(() => KV.get(['b'], 'arrayBuffer')),
      await attempt(() => KV.get(['b'], 'stream')),
      await attempt(() => KV.get([])),
      await attempt(() => KV.get(many)),
      await attempt(() => KV.get(['b', ''])),
      (await KV.get(many.slice(1))).size,
    ];
  },
  async large({ KV }) {
    const size = 25 * 1024 * 1024;
    await KV.put('max', new Uint8Array(size).fill(7));
    const max = await KV.get('max', 'arrayBuffer');
    let read = 0;
    for await (const chunk of await KV.get('max', 'stream')) read += chunk.byteLength;
    return [
      max.byteLength,
      new Uint8Array(max).every((byte) => byte === 7),
      read,
      await attempt(() => KV.put('over', new Uint8Array(size + 1))),
      await KV.get('over'),
    ];
  },
  async shape({ KV, OTHER }) {
    await KV.put('only-here', '1');
    return [
      KV.constructor.name,
      String(KV),
      Object.keys(KV),
      Object.getOwnPropertyNames(Object.getPrototypeOf(KV)).sort(),
      ['get', 'list', 'put', 'getWithMetadata', 'delete'].map((name) => KV[name].length),
      attemptSync(() => new KV.constructor()),
      attemptSync(() => structuredClone(KV)).text.slice(0, 20),
      await OTHER.get('only-here'),
    ];
  },
  async order({ KV }) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => KV.put('o', `${i}`)));
    const [, put] = await Promise.all([KV.get('o'), KV.put('o', 'last')]);
    return [put, await KV.get('o')];
  },
  async kept({ KV }) {
    return [await KV.getWithMetadata('m'), (await KV.list()).keys];
  },
  'from-object': ({ OBJECT }) => OBJECT.getByName('a').run(),
};

/** A binding inside an object: its calls leave after the object's writes. */
export class Holder extends DurableObject {
  async run() {
    await this.ctx.storage.put('n', 1);
    await this.env.KV.put('from-object', String(await this.ctx.storage.get('n')));
    const read = await this.env.KV.get('from-object');
    return show([read, await this.ctx.storage.get('n')]);
  }
}

export default {
  async fetch(request, env) {
    const { keys } = await env.KV.list();
    if (!request.url.includes('keep')) for (const { name } of keys) await env.KV.delete(name);
    return answer(probes, request, env);
  },
};
