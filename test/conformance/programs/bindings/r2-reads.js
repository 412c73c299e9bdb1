import { answer, attempt, show } from '../probe.js';
import { keysOf, outcomes, plain } from '../r2-shown.js';

const rounded = (date) => new Date(Math.floor(date / 1000) * 1000);

const kManyKeys = Array.from({ length: 1050 }, (_, i) => `k${String(i).padStart(4, '0')}`);

const probes = {
  async ranges({ R2 }) {
    await R2.put('r', '0123456789');
    await R2.put('empty', '');
    const read = (range, key = 'r') =>
      attempt(async () => {
        const got = await R2.get(key, { range });
        return [got.range, got.size, await got.text()];
      });
    const ranges = [
      undefined,
      {},
      { offset: 3 },
      { offset: 0 },
      { length: 4 },
      { offset: 3, length: 4 },
      { offset: 3, length: 100 },
      { suffix: 3 },
      { suffix: 100 },
      { offset: 9, length: 1 },
      { offset: 10 },
      { offset: 11 },
      { offset: 1, length: 0 },
      { length: 0 },
      { suffix: 0 },
      { offset: -1 },
      { length: -1 },
      { suffix: -1 },
      { offset: 1.5 },
      { length: 1.5 },
      { suffix: 1.5 },
      { offset: 1, suffix: 1 },
      { length: 1, suffix: 1 },
      { offset: NaN },
      { offset: '3' },
      { offset: 'x' },
      { offset: null },
      { offset: Infinity },
      'bytes=1-2',
      null,
      new Headers(),
    ];
    const headers = [
      'bytes=2-5',
      'bytes=2-',
      'bytes=-4',
      'bytes=-100',
      'bytes=0-0',
      'bytes=5-100',
      'bytes=10-',
      'bytes=11-12',
      'bytes=5-2',
      'bytes=1-2,4-5',
      'bytes=-0',
      'bytes=',
      'bytes=a-b',
      'chars=1-2',
      ' bytes = 1 - 2 ',
      'BYTES=1-2',
      'nonsense',
    ];
    const all = [];
    for (const range of ranges) all.push([show(range), await read(range)]);
    for (const range of headers) all.push([range, await read(new Headers({ range }))]);
    return [all, await read({ offset: 0 }, 'empty'), await read(undefined, 'empty')];
  },
  async conditions({ R2 }) {
    const put = await R2.put('c', 'value', { httpMetadata: { contentType: 'text/x' } });
    const { etag } = put;
    const earlier = new Date(put.uploaded.getTime() - 1000);
    const later = new Date(put.uploaded.getTime() + 1000);
    const same = put.uploaded;
    const conditions = [
      undefined,
      {},
      { etagMatches: etag },
      { etagMatches: 'other' },
      { etagMatches: '*' },
      { etagMatches: '' },
      { etagDoesNotMatch: etag },
      { etagDoesNotMatch: 'other' },
      { etagDoesNotMatch: '*' },
      { uploadedBefore: later },
      { uploadedBefore: earlier },
      { uploadedBefore: same },
      { uploadedAfter: earlier },
      { uploadedAfter: later },
      { uploadedAfter: same },
      { uploadedBefore: rounded(same), secondsGranularity: true },
      { uploadedAfter: rounded(same), secondsGranularity: true },
      { uploadedBefore: same, secondsGranularity: true },
      { etagMatches: etag, uploadedBefore: earlier },
      { etagMatches: 'other', uploadedBefore: later },
      { etagDoesNotMatch: 'other', uploadedAfter: later },
      { etagDoesNotMatch: etag, uploadedAfter: earlier },
      { etagMatches: etag, etagDoesNotMatch: etag },
      { etagMatches: `"${etag}"` },
      { etagDoesNotMatch: `"${etag}"` },
      { etagMatches: `W/"${etag}"` },
      { etagMatches: 7 },
      { uploadedBefore: 'nonsense' },
      { uploadedBefore: later.getTime() },
      { uploadedBefore: later.toISOString() },
      { secondsGranularity: 'yes', uploadedAfter: earlier },
      'nonsense',
      null,
    ];
    const named = (condition) =>
      show(condition)
        .replaceAll(etag, '<etag>')
        .replace(/Date \S+|\d{13}|"\d{4}-\S+"/g, '<time>');
    const get = (onlyIf) =>
      attempt(async () => {
        const got = await R2.get('c', { onlyIf });
        return [
          got.constructor.name,
          'body' in got && (await got.text()),
          got.httpMetadata,
          got.range,
        ];
      });
    const tryPut = (onlyIf, key) =>
      attempt(async () => {
        const done = await R2.put(key, 'value', { onlyIf });
        return done && done.size;
      });
    const all = [];
    for (const onlyIf of conditions) {
      const missing = await attempt(() => R2.get('none', { onlyIf }));
      all.push([named(onlyIf), await get(onlyIf), missing]);
    }
    for (const onlyIf of conditions.slice(1, 24)) {
      await R2.delete(['n', 'm']);
      await R2.put('m', 'value');
      const onto = /Before|After/.test(named(onlyIf)) ? 'skipped' : await tryPut(onlyIf, 'm');
      all.push([named(onlyIf), onto, await tryPut(onlyIf, 'n')]);
    }
    return all;
  },
  async 'condition-headers'({ R2 }) {
    const { etag, uploaded } = await R2.put('c', 'value');
    const at = (ms) => new Date(rounded(uploaded).getTime() + ms).toUTCString();
    const headers = [
      {},
      { 'if-match': `"${etag}"` },
      { 'if-match': '"other"' },
      { 'if-match': '*' },
      { 'if-match': `W/"${etag}"` },
      { 'if-match': `"other", "${etag}"` },
      { 'if-match': `"other" "${etag}"` },
      { 'if-match': `"other" W/"${etag}"` },
      { 'if-match': '"other" *' },
      { 'if-match': `"other",, * ` },
      { 'if-match': etag },
      { 'if-match': `"open` },
      { 'if-match': `W/"open` },
      { 'if-match': 'W/open' },
      { 'if-match': '' },
      { 'if-none-match': `"${etag}"` },
      { 'if-none-match': `W/"${etag}"` },
      { 'if-none-match': '"other"' },
      { 'if-none-match': '*' },
      { 'if-none-match': 'other' },
      { 'if-modified-since': at(-1000) },
      { 'if-modified-since': at(0) },
      { 'if-modified-since': at(1000) },
      { 'if-unmodified-since': at(-1000) },
      { 'if-unmodified-since': at(0) },
      { 'if-unmodified-since': at(1000) },
      { 'if-unmodified-since': 'nonsense' },
      { 'if-none-match': '"other"', 'if-modified-since': at(1000) },
      { 'if-match': `"${etag}"`, 'if-unmodified-since': at(-1000) },
    ];
    const all = [];
    for (const init of headers) {
      const onlyIf = new Headers(init);
      const got = await attempt(async () => {
        const object = await R2.get('c', { onlyIf });
        return [object.constructor.name, 'body' in object && (await object.text())];
      });
      const put = await attempt(async () => (await R2.put('new', 'v', { onlyIf }))?.size);
      await R2.delete('new');
      all.push([
        JSON.stringify(init)
          .replaceAll(etag, '<etag>')
          .replace(/"\w{3}, [^"]*"/g, '<time>'),
        got,
        put,
      ]);
    }
    return all;
  },
  async list({ R2 }) {
    const names = [
      'b',
      'a',
      'c/1',
      'c/2',
      'c/d/3',
      'C',
      'ü',
      'c%',
      'c_',
      'z/',
      'z//',
      '/',
      '😀',
      '\uffff',
    ];
    for (const name of names) {
      await R2.put(name, 'v', {
        httpMetadata: { contentType: `t/${name.length}` },
        customMetadata: { n: 'x' },
      });
    }
    const list = (options) => attempt(async () => keysOf(await R2.list(options)));
    const first = await R2.list({ limit: 5 });
    const second = await R2.list({ limit: 5, cursor: first.cursor });
    const third = await R2.list({ limit: 5, cursor: second.cursor });
    const byDelimiter = [];
    let cursor;
    do {
      const page = await R2.list({ limit: 2, delimiter: '/', cursor });
      byDelimiter.push(keysOf(page));
      cursor = page.cursor;
    } while (cursor !== undefined);
    const included = async (include) =>
      attempt(async () => {
        const { objects } = await R2.list({ prefix: 'b', include });
        return objects.map(plain);
      });
    return [
      keysOf(await R2.list()),
      await R2.list().then((result) => [Object.keys(result), result.objects[0].constructor.name]),
      [first, second, third].map(keysOf),
      first.cursor,
      byDelimiter,
      await list({ prefix: 'c' }),
      await list({ prefix: 'c/' }),
      await list({ prefix: 'c/', delimiter: '/' }),
      await list({ prefix: 'c', delimiter: '/' }),
      await list({ prefix: 'none' }),
      await list({ prefix: '', delimiter: '' }),
      await list({ delimiter: '/' }),
      await list({ delimiter: '//' }),
      await list({ delimiter: 'c' }),
      await list({ startAfter: 'c' }),
      await list({ startAfter: 'c/1' }),
      await list({ startAfter: '' }),
      await list({ startAfter: 'c/1', delimiter: '/' }),
      await list({ startAfter: 'c/1', prefix: 'c/' }),
      await list({ startAfter: 'b', cursor: first.cursor }),
      await list({ startAfter: 'z', cursor: first.cursor }),
      await list({ cursor: 'not base64!' }),
      await list({ cursor: '' }),
      await list({ limit: 0 }),
      await list({ limit: -1 }),
      await list({ limit: 1001 }),
      await list({ limit: 1000 }),
      await list({ limit: 2.7 }),
      await list({ limit: 'x' }),
      await list({ limit: null }),
      await list({ limit: '3' }),
      await list({ prefix: 7 }),
      await list({ prefix: null }),
      await list({ delimiter: 7 }),
      await list({ cursor: 7 }),
      await list({ startAfter: 7 }),
      await list({}),
      await list(null),
      await included(undefined),
      await included([]),
      await included(['httpMetadata']),
      await included(['customMetadata']),
      await included(['customMetadata', 'httpMetadata']),
      await included(['nonsense']),
      await included('httpMetadata'),
      await included([7]),
      await attempt(async () => {
        const [object] = (await R2.list({ prefix: 'b' })).objects;
        return object.writeHttpMetadata(new Headers());
      }),
      await attempt(async () => {
        const [object] = (await R2.list({ prefix: 'b', include: ['customMetadata'] })).objects;
        return object.writeHttpMetadata(new Headers());
      }),
    ];
  },
  async fill({ R2 }, request) {
    const part = Number(new URL(request.url).pathname.split('/')[2]);
    await Promise.all(kManyKeys.slice(part, part + 150).map((key) => R2.put(key, '')));
  },
  async 'long-lists'({ R2 }) {
    const keys = kManyKeys;
    const page = await R2.list();
    const rest = await R2.list({ cursor: page.cursor });
    const withMetadata = await R2.list({ include: ['httpMetadata'] });
    const grouped = await R2.list({ delimiter: '0' });
    return [
      [
        page.objects.length,
        page.truncated,
        rest.objects.length,
        rest.truncated,
        rest.objects[0].key,
      ],
      [withMetadata.objects.length, withMetadata.truncated],
      keysOf(grouped),
      await attempt(() => R2.delete(keys.slice(0, 1000))),
      (await R2.list()).objects.length,
      await attempt(() => R2.delete(keys)),
      (await R2.list()).objects.length,
    ];
  },
  async deletes({ R2 }) {
    for (const key of ['a', 'b', 'c', '7', 'null']) await R2.put(key, 'v');
    return [
      ...(await outcomes(
        () => R2.delete(['a', 'none', 'b', 'b']),
        () => R2.delete([]),
        () => R2.delete(7),
        () => R2.delete([null]),
        () => R2.delete({}),
        () => R2.delete(new Set(['c'])),
      )),
      (await R2.list()).objects.map(({ key }) => key),
    ];
  },
};

export default {
  async fetch(request, env) {
    if (!request.url.endsWith('keep')) {
      const { objects } = await env.R2.list();
      await env.R2.delete(objects.map(({ key }) => key));
    }
    return answer(probes, request, env);
  },
};
