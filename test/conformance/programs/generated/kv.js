// A KV namespace in an order that a seed determines: every call, with valid and invalid arguments.
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 30;
const farFuture = 4_102_444_800;

const keys = ['a', 'ab', 'abc', 'b', 'b/1', 'b/2', 'é', 'a b', 'A', '%41', 'x:y', '😀'];
const oddKeys = [
  '',
  '.',
  '..',
  'k'.repeat(512),
  'k'.repeat(513),
  5,
  null,
  undefined,
  true,
  {},
  ['a'],
  '\u0000',
];
const values = {
  text: () => 'text',
  empty: () => '',
  json: () => '{"a":[1,"é"]}',
  'bad json': () => '{"a"',
  bytes: () => new Uint8Array([1, 255, 0]),
  view: () => new Uint16Array([1, 2]).subarray(1),
  'data view': () => new DataView(new ArrayBuffer(3), 1),
  buffer: () => new Uint8Array([104, 105]).buffer,
  stream: () => new Response('of a stream').body,
  number: () => 5,
  null: () => null,
  undefined: () => undefined,
  true: () => true,
  object: () => ({ a: 1 }),
  array: () => ['a'],
  blob: () => new Blob(['b']),
  bigint: () => 10n,
};
const metadatas = [
  undefined,
  null,
  'm',
  5,
  { a: 1, b: [null] },
  [],
  '',
  'm'.repeat(1100),
  { d: new Date(5) },
];
const options = {
  metadata: metadatas,
  expiration: [
    farFuture,
    String(farFuture),
    1,
    0,
    -1,
    'x',
    null,
    undefined,
    NaN,
    farFuture + 0.5,
    {},
  ],
  expirationTtl: [60, 3600, '90', 59, 0, -1, 'x', null, undefined, 1e9, 60.5, {}],
};
const types = [
  undefined,
  'text',
  'json',
  'arrayBuffer',
  'stream',
  'blob',
  null,
  5,
  {},
  { type: 'json' },
  { type: 'stream' },
  { type: 'arrayBuffer', cacheTtl: 60 },
  { cacheTtl: 30 },
  { cacheTtl: 29 },
  { cacheTtl: 'x' },
  { type: 'nope' },
  { type: undefined },
  [],
];

/** Times differ from run to run. */
const rounded = (time) => (time > farFuture - 2 || time === undefined ? time : 'a time');

async function shown(value) {
  if (value instanceof ReadableStream) return ['stream', await new Response(value).text()];
  if (value instanceof Map) return [...value].map(([key, one]) => [key, one]);
  return value;
}

class History {
  log = [];
  #r;
  #kv;
  #cursor;

  constructor(seed, kv) {
    this.#r = new Random(seed);
    this.#kv = kv;
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    const { keys: left } = await this.#kv.list();
    for (const { name, expiration, metadata } of left)
      this.log.push(brief([name, rounded(expiration), metadata, await this.#kv.get(name)]));
  }

  #key() {
    return this.#r.chance(90) ? this.#r.pick(keys) : this.#r.pick(oddKeys);
  }

  #putOptions() {
    if (this.#r.chance(50)) return [];
    if (this.#r.chance(5)) return [this.#r.pick([null, 5, 'x', undefined])];
    const chosen = Object.entries(options).filter(() => this.#r.chance(50));
    return [Object.fromEntries(chosen.map(([name, list]) => [name, this.#r.pick(list)]))];
  }

  #put() {
    const [key, more] = [this.#key(), this.#putOptions()];
    const [name, make] = this.#r.pick(Object.entries(values));
    return new Step(`put(${brief([key, name, ...more])})`, () =>
      this.#kv.put(key, make(), ...more),
    );
  }

  #get() {
    const type = this.#r.pick(types);
    const some = this.#r.chance(25);
    // A number among several keys is lost in miniflare.
    const key = some ? this.#r.list(4, () => this.#key()).filter((one) => one !== 5) : this.#key();
    const args = type === undefined ? [key] : [key, type];
    if (this.#r.chance(50))
      return new Step(
        `get(${brief(args)})`,
        async () => shown(await this.#kv.get(...args)),
        errorsOf(type),
      );
    return new Step(
      `getWithMetadata(${brief(args)})`,
      async () => {
        const result = await this.#kv.getWithMetadata(...args);
        if (result instanceof Map) return shown(result);
        const { value, ...rest } = result;
        return [await shown(value), rest];
      },
      errorsOf(type),
    );
  }

  #list() {
    const r = this.#r;
    const chosen = Object.entries({
      prefix: ['', 'a', 'b/', 'é', 'x', null, undefined, 5],
      limit: [1, 2, 1000, 1001, 0, -1, 'x', null, undefined, 2.5, '2'],
      cursor: [this.#cursor, undefined, null, '', 'x'],
    }).filter(([name]) => r.chance(name === 'cursor' ? 20 : 60));
    const args = r.chance(15)
      ? []
      : [Object.fromEntries(chosen.map(([name, list]) => [name, r.pick(list)]))];
    const named = args.map((given) =>
      given.cursor?.length > 2 ? { ...given, cursor: 'one' } : given,
    );
    return new Step(`list(${brief(named)})`, async () => {
      const { keys: found, cursor, ...rest } = await this.#kv.list(...args);
      this.#cursor = cursor;
      return [
        found.map(({ name, expiration, ...more }) => [name, rounded(expiration), more]),
        typeof cursor,
        rest,
      ];
    });
  }

  #any() {
    return this.#r.weighted([
      [8, () => this.#put()],
      [8, () => this.#get()],
      [4, () => this.#list()],
      [
        2,
        () => {
          const key = this.#key();
          return new Step(`delete(${brief([key])})`, () => this.#kv.delete(key));
        },
      ],
    ])();
  }
}

/** What JSON.parse() says is the engine's. */
const errorsOf = (type) => ((type?.type ?? type) === 'json' ? 'name' : 'text');

async function clear(kv) {
  for (const { name } of (await kv.list()).keys) await kv.delete(name);
}

export default {
  async fetch(request, { KV }) {
    await clear(KV);
    const history = new History(Number(new URL(request.url).pathname.slice(1)), KV);
    await history.run();
    return new Response(history.log.join('\n'));
  },
};
