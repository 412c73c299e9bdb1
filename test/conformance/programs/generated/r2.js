// An R2 bucket in an order that a seed determines: objects, ranges, conditions, checksums, metadata and lists, valid and not.
import { attempt } from '../probe.js';
import { keysOf, plain } from '../r2-shown.js';
import { Random } from '../random.js';
import { Step, brief, line, run } from './steps.js';

const steps = 25;

const keys = ['a', 'ab', 'b', 'b/1', 'b/2', 'b/c/3', 'é', 'a b'];
const oddKeys = ['', 'k'.repeat(1025), 5, null, undefined];
const values = {
  text: () => 'some text',
  bytes: () => new Uint8Array([1, 2, 3, 4]),
  buffer: () => new Uint8Array([104, 105]).buffer,
  view: () => new Uint16Array([1, 2, 3]).subarray(1),
  blob: () => new Blob(['of a blob'], { type: 'text/x' }),
  stream: () => new Response('of a stream').body,
  number: () => 5,
  object: () => ({}),
};
const etags = ['41', 'e2f2b5c1a0f2c8ad5d1f5a1a7f9f5d1e', '*', '"x"', ''];
const dates = [new Date(0), new Date(4_102_444_800_000)];
const conditions = {
  etagMatches: [...etags, ['41', '42'], null],
  etagDoesNotMatch: [...etags, ['41']],
  uploadedBefore: dates,
  uploadedAfter: dates,
};
const metadata = {
  httpMetadata: [
    undefined,
    { contentType: 'text/y' },
    { cacheControl: 'no-store', contentLanguage: 'de' },
    new Headers({ 'content-type': 'a/b', 'x-other': '1' }),
    {},
    5,
  ],
  customMetadata: [undefined, { a: '1' }, { b: 'ü' }, {}, { c: 5 }, 'x'],
  md5: ['d41d8cd98f00b204e9800998ecf8427e', 'xyz', new Uint8Array(16), new Uint8Array(3)],
  sha1: [new Uint8Array(20), 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
};
const ranges = [
  { offset: 1 },
  { length: 2 },
  { offset: 1, length: 2 },
  { suffix: 2 },
  { offset: 100 },
  { length: 0 },
  { suffix: 0 },
  { suffix: 100 },
  { offset: -1 },
  {},
  { offset: 1, suffix: 1 },
  { offset: 1, length: 100 },
  new Headers({ range: 'bytes=1-2' }),
  new Headers({ range: 'bytes=-1' }),
  new Headers({ range: 'x' }),
  5,
];

class History {
  log = [];
  #r;
  #bucket;
  #etag;
  #cursor;

  constructor(seed, bucket) {
    this.#r = new Random(seed);
    this.#bucket = bucket;
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    for (const object of (await this.#bucket.list({ include: ['httpMetadata', 'customMetadata'] }))
      .objects)
      this.log.push(line(plain(object)));
  }

  #key() {
    return this.#r.chance(93) ? this.#r.pick(keys) : this.#r.pick(oddKeys);
  }

  #some(percent, options) {
    const chosen = Object.entries(options).filter(() => this.#r.chance(percent));
    return Object.fromEntries(chosen.map(([name, list]) => [name, this.#r.pick(list)]));
  }

  #condition() {
    const made = this.#some(30, conditions);
    return this.#r.chance(30) ? { ...made, etagMatches: this.#etag ?? 'none' } : made;
  }

  #put() {
    const key = this.#key();
    const [name, make] = this.#r.pick(Object.entries(values));
    const options = this.#r.chance(50) ? this.#some(20, metadata) : {};
    if (this.#r.chance(25)) options.onlyIf = this.#condition();
    return new Step(`put(${brief([key, name, options])})`, async () => {
      const object = await this.#bucket.put(key, make(), options);
      this.#etag = object?.etag ?? this.#etag;
      return plain(object);
    });
  }

  #get() {
    const key = this.#key();
    const options = {};
    if (this.#r.chance(40)) options.range = this.#r.pick(ranges);
    if (this.#r.chance(30)) options.onlyIf = this.#condition();
    return new Step(`get(${brief([key, options])})`, async () => {
      const object = await this.#bucket.get(key, options);
      if (object === null) return null;
      const body = 'body' in object ? await attempt(() => object.text()) : 'no body';
      const headers = new Headers();
      object.writeHttpMetadata(headers);
      return [plain(object), body, [...headers]];
    });
  }

  #list() {
    const options = this.#some(40, {
      prefix: ['', 'a', 'b/', 'x', null],
      limit: [1, 2, 1000, 1001, 0, -1, 'x'],
      delimiter: ['/', 'b', '', undefined],
      startAfter: ['a', 'b/1', 'z'],
      cursor: [this.#cursor, 'x', undefined],
    });
    const named = options.cursor?.length > 1 ? { ...options, cursor: 'one' } : options;
    return new Step(`list(${brief([named])})`, async () => {
      const found = await this.#bucket.list(options);
      this.#cursor = found.cursor;
      return keysOf(found);
    });
  }

  #any() {
    const key = this.#key();
    return this.#r.weighted([
      [8, () => this.#put()],
      [8, () => this.#get()],
      [2, () => new Step(`head(${brief([key])})`, async () => plain(await this.#bucket.head(key)))],
      [4, () => this.#list()],
      [
        2,
        () => {
          const several = this.#r.chance(30) ? this.#r.list(3, () => this.#key()) : key;
          return new Step(`delete(${brief([several])})`, () => this.#bucket.delete(several));
        },
      ],
    ])();
  }
}

async function clear(bucket) {
  await bucket.delete((await bucket.list()).objects.map(({ key }) => key));
}

export default {
  async fetch(request, { R2 }) {
    await clear(R2);
    const history = new History(Number(new URL(request.url).pathname.slice(1)), R2);
    await history.run();
    return new Response(history.log.join('\n'));
  },
};
