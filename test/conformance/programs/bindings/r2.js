import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync, show } from '../probe.js';
import { keysOf, outcomes, plain, tried } from '../r2-shown.js';

const bytes = (text) => new TextEncoder().encode(text);
const kMd5OfValue = '2063c1608d6e0baf80249c42e2be5804';
const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hexOf = (data) =>
  [...new Uint8Array(data)].map((b) => b.toString(16).padStart(2, '0')).join('');
const fixed = (text, length = text.length) => {
  const { readable, writable } = new globalThis.FixedLengthStream(length);
  const writer = writable.getWriter();
  writer.write(bytes(text)).catch(() => {});
  writer.close().catch(() => {});
  return readable;
};
const probes = {
  async basics({ R2 }) {
    const put = await R2.put('a', 'hello');
    const got = await R2.get('a');
    const text = await got.text();
    return [
      plain(put),
      plain(await R2.head('a')),
      plain(got),
      text,
      await R2.head('none'),
      await R2.get('none'),
      await attempt(() => R2.delete('a')),
      await R2.get('a'),
      await attempt(() => R2.delete('a')),
    ];
  },
  async values({ R2 }) {
    const values = {
      string: 'text ü',
      buffer: new Uint8Array([0, 1, 255]).buffer,
      view: new Uint8Array([9, 8, 7, 6]).subarray(1, 3),
      wide: new Uint16Array([1, 2]),
      dataview: new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
      blob: new Blob(['blob'], { type: 'text/x' }),
      null: null,
      empty: '',
      fixed: fixed('fixed length'),
      response: new Response('response').body,
    };
    const all = {};
    for (const [key, value] of Object.entries(values)) {
      const put = await R2.put(key, value);
      all[key] = [
        put.size,
        await (await R2.get(key)).arrayBuffer(),
        plain(await R2.head(key)).httpMetadata,
      ];
    }
    return [
      all,
      ...(await outcomes(
        () => R2.put('number', 42),
        () => R2.put('object', {}),
        () => R2.put('array', [1, 2]),
        () => R2.put('true', true),
        () => R2.put('undefined', undefined),
        () => R2.put('missing'),
        () => R2.put(),
        () => R2.put('unknown', new ReadableStream({ type: 'bytes', pull() {} })),
        () => R2.put('transform', new TransformStream().readable),
      )),
      (await R2.list()).objects.map(({ key }) => key),
    ];
  },
  async streams({ R2 }) {
    const used = new Response('used');
    await used.text();
    const locked = fixed('locked');
    locked.getReader();
    const failing = new globalThis.FixedLengthStream(10);
    failing.writable.getWriter().abort(new Error('the source failed'));
    await R2.put('kept', 'before');
    return [
      await attempt(() => R2.put('used', used.body)),
      (await attempt(() => R2.put('locked', locked))).text.slice(0, 8),
      (await attempt(() => R2.put('kept', failing.readable))).text.slice(0, 8),
      await (await R2.get('kept')).text(),
    ];
  },
  async keys({ R2 }) {
    const good = [
      'k'.repeat(1024),
      'a/b c?d#e%20',
      'ü',
      '\u0000',
      '__proto__',
      '.',
      '..',
      '',
      7,
      null,
      undefined,
      true,
    ];
    const long = ['k'.repeat(1025), 'ü'.repeat(513)];
    const all = [];
    for (const key of good) {
      all.push(await attempt(async () => (await R2.put(key, 'v')).key));
      all.push(await attempt(async () => (await R2.get(key)).text()));
    }
    for (const key of long) {
      all.push(
        ...(await outcomes(
          () => R2.head(key),
          () => R2.get(key),
          () => R2.put(key, 'v'),
          () => R2.delete(key),
          () => R2.delete(['a', key]),
          () => R2.createMultipartUpload(key),
        )),
      );
    }
    all.push(
      ...(await outcomes(
        () => R2.head(),
        () => R2.get(),
        () => R2.delete(),
        () => R2.list(7),
        () => R2.get('a', 7),
        () => R2.put('a', 'b', 'c'),
        () => R2.get('none', null),
      )),
      (await R2.list()).objects.map(({ key }) => key),
    );
    return all;
  },
  async bodies({ R2 }) {
    await R2.put('json', '{"a":[1,"ü"]}', { httpMetadata: { contentType: 'application/json' } });
    await R2.put('text', 'not json');
    await R2.put('bom', '\ufefftext');
    const get = (key = 'json') => R2.get(key);
    const twice = await get();
    const before = twice.bodyUsed;
    const first = await twice.text();
    const locked = await get();
    locked.body.getReader();
    const streamed = await get();
    const chunks = [];
    for await (const chunk of streamed.body) chunks.push(chunk);
    const blob = await (await get()).blob();
    const [one, two] = (await get()).body.tee();
    const byob = (await get()).body.getReader({ mode: 'byob' });
    const part = await byob.read(new Uint8Array(3));
    await byob.cancel();
    const response = new Response((await get()).body);
    return [
      before,
      first,
      twice.bodyUsed,
      ...(await outcomes(
        () => twice.text(),
        () => twice.json(),
        () => twice.arrayBuffer(),
        () => twice.bytes(),
        () => twice.blob(),
        () => locked.text(),
        () => locked.arrayBuffer(),
      )),
      locked.bodyUsed,
      chunks.length,
      chunks[0].constructor.name,
      await (await get()).json(),
      await (await get()).arrayBuffer(),
      await (await get()).bytes(),
      [blob.type, blob.size, await blob.text()],
      (await (await get('text')).blob()).type,
      (await attempt(async () => (await get('text')).json())).text.slice(0, 30),
      await (await get('bom')).text(),
      await new Response(one).text(),
      await new Response(two).text(),
      part,
      await response.text(),
      response.headers.get('content-type'),
    ];
  },
  async metadata({ R2 }) {
    const httpMetadata = {
      contentType: 'text/x',
      contentLanguage: 'de',
      contentDisposition: 'attachment; filename="ü"',
      contentEncoding: 'br',
      cacheControl: 'max-age=1',
      cacheExpiry: new Date(86_400_000),
    };
    const customMetadata = { a: '1', ü: 'ö€', empty: '', __proto__: 'x', 2: 'two' };
    const put = await R2.put('m', 'v', { httpMetadata, customMetadata });
    const fromHeaders = await R2.put('h', 'v', {
      httpMetadata: new Headers({
        'content-type': 'text/y',
        'content-language': 'en',
        'cache-control': 'no-store',
        expires: new Date(86_400_000).toUTCString(),
        'x-other': 'dropped',
      }),
    });
    const write = (object, init) => {
      const headers = new Headers(init);
      const result = object.writeHttpMetadata(headers);
      return [result, [...headers]];
    };
    const head = await R2.head('m');
    const big = (length, character = 'x') => ({ k: character.repeat(length - 1) });
    return [
      plain(put),
      plain(head),
      plain(await R2.get('m')).httpMetadata,
      plain(fromHeaders),
      plain(await R2.head('h')),
      write(put, { 'content-type': 'old', 'x-kept': '1' }),
      write(head),
      write(fromHeaders),
      write(await R2.put('p', 'v')),
      head.httpMetadata === head.httpMetadata,
      ...(await outcomes(
        () => put.writeHttpMetadata(),
        () => put.writeHttpMetadata({}),
        () => put.writeHttpMetadata(new Map()),
        () => R2.put('x', 'v', { httpMetadata: 'text/x' }),
        () => R2.put('x', 'v', { httpMetadata: { contentType: 7 } }),
        () =>
          R2.put('x', 'v', { httpMetadata: { contentType: undefined, cacheExpiry: undefined } }),
        () => R2.put('x', 'v', { httpMetadata: { contentType: null } }),
        () => R2.put('x', 'v', { httpMetadata: { cacheExpiry: 'nonsense' } }),
        () => R2.put('x', 'v', { httpMetadata: { cacheExpiry: 86_400_000 } }),
        () => R2.put('x', 'v', { httpMetadata: { other: 'x' } }),
        () => R2.put('x', 'v', { httpMetadata: null }),
        () => R2.put('x', 'v', { customMetadata: { n: 7, b: true, u: undefined } }),
        () => R2.put('x', 'v', { customMetadata: 'text' }),
        () => R2.put('x', 'v', { customMetadata: null }),
        () => R2.put('x', 'v', { customMetadata: ['a', 'b'] }),
        () => R2.put('x', 'v', null),
        async () => (await R2.put('x', 'v', { customMetadata: big(8192) })).size,
        () => R2.put('x', 'v', { customMetadata: big(8193) }),
        async () => (await R2.put('x', 'v', { customMetadata: big(4096, '€') })).size,
        () => R2.put('x', 'v', { customMetadata: big(8192, '€') }),
        () => R2.createMultipartUpload('x', { customMetadata: big(8193) }),
      )),
    ];
  },
  async checksums({ R2 }) {
    const algorithms = {
      sha1: 'SHA-1',
      sha256: 'SHA-256',
      sha384: 'SHA-384',
      sha512: 'SHA-512',
      md5: 'MD5',
    };
    const all = [];
    for (const [field, name] of Object.entries(algorithms)) {
      const digest =
        field === 'md5'
          ? fromHex(kMd5OfValue).buffer
          : await crypto.subtle.digest(name, bytes('value'));
      const put = await R2.put(`${field}-bytes`, 'value', { [field]: digest });
      const view = await R2.put(`${field}-view`, 'value', { [field]: new Uint8Array(digest) });
      const text = await R2.put(`${field}-hex`, 'value', { [field]: hexOf(digest) });
      const upper = await tried(() =>
        R2.put(`${field}-upper`, 'value', { [field]: hexOf(digest).toUpperCase() }),
      );
      const head = await R2.head(`${field}-hex`);
      all.push(
        [
          plain(put).checksums,
          plain(view).checksums,
          plain(text).checksums,
          upper,
          plain(head).checksums,
        ],
        [
          head.checksums.constructor.name,
          Object.keys(head.checksums),
          head.checksums[field],
          head.checksums.sha512 === head.checksums.sha512,
        ],
        ...(await outcomes(
          () => R2.put('wrong', 'other', { [field]: digest }),
          () => R2.put('wrong', 'value', { [field]: new Uint8Array(3) }),
          () => R2.put('wrong', 'value', { [field]: 'abc' }),
          () => R2.put('wrong', 'value', { [field]: 'z'.repeat(hexOf(digest).length) }),
          () => R2.put('wrong', 'value', { [field]: 7 }),
          () => R2.put('wrong', 'value', { [field]: null }),
        )),
        await R2.head('wrong'),
      );
    }
    const md5 = fromHex(kMd5OfValue);
    const stream = await R2.put('stream', fixed('value'), {
      sha256: await crypto.subtle.digest('SHA-256', bytes('value')),
    });
    return [
      all,
      plain(stream),
      ...(await outcomes(
        () => R2.put('two', 'value', { md5, sha1: new Uint8Array(20) }),
        () => R2.put('undefined', 'value', { md5: undefined }),
      )),
      JSON.stringify(await R2.head('sha1-hex').then(({ checksums }) => checksums)),
    ];
  },
  async options({ R2 }) {
    const key = 'k'.repeat(32);
    return outcomes(
      () => R2.put('a', 'v', { storageClass: 'Standard' }),
      () => R2.put('a', 'v', { storageClass: 'InfrequentAccess' }),
      () => R2.put('a', 'v', { storageClass: 7 }),
      () => R2.put('a', 'v', { ssecKey: 'short' }),
      () => R2.put('a', 'v', { ssecKey: 'ab' }),
      () => R2.put('a', 'v', { ssecKey: new Uint8Array(3) }),
      () => R2.get('a', { ssecKey: 'XYZ' }),
      () => R2.get('a', { ssecKey: new Uint8Array(31).buffer }),
      () => R2.createMultipartUpload('a', { ssecKey: key }),
      () => R2.put('a', 'v', { unknown: 1 }),
      () => R2.put('a', 'v', []),
    );
  },
  async shape({ R2, OTHER }) {
    await R2.put('only-here', '1', { customMetadata: { a: 'b' } });
    const head = await R2.head('only-here');
    const got = await R2.get('only-here');
    const upload = await R2.createMultipartUpload('u');
    const methods = (object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object)).sort();
    return [
      [R2, head, got, upload, head.checksums].map((one) => [
        one.constructor.name,
        String(one),
        Object.keys(one),
        methods(one),
      ]),
      Object.getPrototypeOf(Object.getPrototypeOf(got)) === Object.getPrototypeOf(head),
      [
        'get',
        'head',
        'put',
        'delete',
        'list',
        'createMultipartUpload',
        'resumeMultipartUpload',
      ].map((name) => R2[name].length),
      JSON.stringify({ ...JSON.parse(JSON.stringify(head)), uploaded: '', version: '' }),
      attemptSync(() => new R2.constructor()),
      attemptSync(() => new head.constructor()),
      attemptSync(() => structuredClone(R2)).text.slice(0, 20),
      attemptSync(() => {
        head.key = 'other';
        return head.key;
      }),
      await OTHER.get('only-here'),
      'body' in head,
    ];
  },
  async order({ R2 }) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => R2.put('o', `${i}`)));
    const before = await R2.get('o');
    await R2.put('o', 'last');
    const after = await R2.get('o');
    return [(await before.text()).length > 0, await after.text()];
  },
  async large({ R2 }) {
    const size = 12 * 1024 * 1024;
    const data = new Uint8Array(size);
    for (let i = 0; i < size; i += 4096) data[i] = i / 4096;
    const put = await R2.put('large', data);
    const { readable, writable } = new globalThis.FixedLengthStream(size);
    const written = (async () => {
      const writer = writable.getWriter();
      for (let i = 0; i < size; i += 100_000) await writer.write(data.subarray(i, i + 100_000));
      await writer.close();
    })();
    const streamed = await R2.put('streamed', readable);
    await written;
    const sums = [];
    for (const key of ['large', 'streamed']) {
      let read = 0;
      let sum = 0;
      for await (const chunk of (await R2.get(key)).body) {
        read += chunk.byteLength;
        for (const byte of chunk) sum = (sum + byte) % 1_000_003;
      }
      sums.push([read, sum]);
    }
    const middle = await R2.get('large', { range: { offset: 4096 * 2049 - 1, length: 4098 } });
    const bytesOfIt = await middle.bytes();
    const replaced = await R2.get('large');
    await R2.put('large', 'short');
    const old = await replaced.arrayBuffer();
    return [
      put.etag,
      streamed.etag === put.etag,
      sums,
      middle.range,
      [...bytesOfIt.subarray(0, 3)],
      bytesOfIt.length,
      old.byteLength,
      await (await R2.get('large')).text(),
    ];
  },
  async kept({ R2 }) {
    return [plain(await R2.head('m')), await (await R2.get('m')).text(), keysOf(await R2.list())];
  },
  'from-object': ({ OBJECT }) => OBJECT.getByName('a').run(),
};

/** A binding inside an object: its calls leave after the object's writes. */
export class Holder extends DurableObject {
  async run() {
    await this.ctx.storage.put('n', 1);
    await this.env.R2.put('from-object', String(await this.ctx.storage.get('n')));
    const read = await (await this.env.R2.get('from-object')).text();
    return show([read, await this.ctx.storage.get('n')]);
  }
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/upload') {
      const put = await env.R2.put('upload', request.body, { httpMetadata: request.headers });
      return new Response(show(plain(put)));
    }
    if (pathname === '/download') {
      const object = await env.R2.get('upload', {
        range: request.headers,
        onlyIf: request.headers,
      });
      const headers = new Headers({ etag: object.httpEtag });
      object.writeHttpMetadata(headers);
      return new Response(object.body, { headers });
    }
    if (!pathname.endsWith('keep')) {
      const { objects } = await env.R2.list();
      await env.R2.delete(objects.map(({ key }) => key));
    }
    return answer(probes, request, env);
  },
};
