// Stored stubs of a seed (allow_irrevocable_stub_storage): made by ctx.exports and ctx.restore() of objects, entrypoints and facets, put into
// props, parameters and values, stored in one object or another, sent, duplicated, disposed of, loaded and called. What is compared is how
// each step ended; every target counts its calls, which shows who shares one. A history in a thousand makes workerd hang, when an RpcStub is
// overwritten that it has not written yet.
import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from 'cloudflare:workers';
import { attempt } from '../probe.js';
import { Random } from '../random.js';
import { line } from './steps.js';

class Target extends RpcTarget {
  #calls = 0;

  constructor(id, held) {
    super();
    this.id = id;
    this.held = held;
  }
  async hi(depth) {
    this.#calls += 1;
    return `${this.id} ${this.#calls}${await hiAll(this.held, depth)}`;
  }
}

/** Says hi to what was handed over in props or parameters. */
async function hiAll(held, depth) {
  if (depth === 0 || held === undefined) return '';
  const answers = [];
  for (const stub of stubsIn(held)) answers.push(await attempt(() => stub.hi?.(depth - 1)));
  return ` [${answers.map(line).join(', ')}]`;
}

const isStub = (value) =>
  typeof value === 'function' ||
  /^\[object (Fetcher|DurableObject)\]$/.test(String(Object.prototype.toString.call(value)));
const isClass = (value) => Object.prototype.toString.call(value) === '[object DurableObjectClass]';

function* stubsIn(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
  if (isStub(value)) yield value;
  else if (value instanceof Map) for (const item of value.values()) yield* stubsIn(item);
  else if (!isClass(value)) for (const item of Object.values(value)) yield* stubsIn(item);
}

/** Every kind of what can be stored in a value, for the pool. */
function* itemsIn(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
  if (isStub(value) || isClass(value)) yield value;
  else
    for (const item of value instanceof Map ? value.values() : Object.values(value))
      yield* itemsIn(item);
}

function shape(value) {
  if (typeof value === 'function') return '<stub>';
  if (isStub(value)) return '<service>';
  if (isClass(value)) return '<class>';
  if (value instanceof Map)
    return `Map(${[...value].map(([key, item]) => `${key}: ${shape(item)}`)})`;
  if (Array.isArray(value)) return `[${value.map(shape)}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value).map(([key, item]) => `${key}: ${shape(item)}`)}}`;
  return String(value);
}

function make(self, { kind, id, held }) {
  const { exports, facets } = self.ctx;
  switch (kind) {
    case 'target':
      return new Target(id, held);
    case 'service':
      return exports.Service({ props: { id, held } });
    case 'object':
      return exports.Node.getByName(id);
    case 'facet':
      return facets.get(id, () => ({ class: exports.Part({ props: { id, held } }) }));
    default:
      throw new RangeError(`no ${kind}`);
  }
}

export class Service extends WorkerEntrypoint {
  async hi(depth) {
    return `service ${this.ctx.props.id}${await hiAll(this.ctx.props.held, depth)}`;
  }
  restores(params) {
    return this.ctx.restore(params);
  }
  [restore](params) {
    if (params.kind === 'facet') throw new TypeError('entrypoints have no facets');
    return make(this, params);
  }
}

class Place extends DurableObject {
  #calls = 0;

  async hi(depth) {
    this.#calls += 1;
    const { id = this.ctx.id.name, held } = this.ctx.props;
    return `${this.constructor.name} ${id} ${this.#calls}${await hiAll(held, depth)}`;
  }
  restores(params) {
    return this.ctx.restore(params);
  }
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }
  get(key) {
    return this.ctx.storage.get(key);
  }
  echo(value) {
    return value;
  }
  [restore](params) {
    return make(this, params);
  }
}

export class Part extends Place {}

export class Node extends Place {
  async run(seed) {
    return new History(this, new Random(seed), seed).run();
  }
}

const keys = ['a', 'b', 'c'];

class History {
  /** @type {any[]} */
  #pool = [];
  #lines = [];
  #count = 0;
  #storesRpc = false;

  constructor(self, r, seed) {
    this.self = self;
    this.r = r;
    this.seed = seed;
  }

  async run() {
    for (let i = 0; i < 30; i += 1) await this.#step();
    return this.#lines;
  }

  async #step() {
    const { r } = this;
    const kinds = [
      [4, 'make'],
      [4, 'restore'],
      ...(this.#pool.length > 0
        ? [
            [5, 'put'],
            [5, 'use'],
            [1, 'dup'],
            [1, 'echo'],
          ]
        : []),
      [4, 'load'],
      [1, 'fails'],
    ];
    const name = r.weighted(kinds);
    await this[name]();
  }

  /** @param {string} text @param {() => unknown} act gives what is kept */
  async #log(text, act) {
    let given;
    const outcome = await attempt(async () => {
      given = await act();
      return shape(given);
    });
    this.#lines.push(`${text} -> ${line(outcome)}`);
    for (const item of itemsIn(given)) this.#pool.push(item);
    this.#pool.splice(0, Math.max(0, this.#pool.length - 6));
  }

  #id() {
    this.#count += 1;
    return `${this.seed}.${this.#count}`;
  }

  #one() {
    return this.r.pick(this.#pool);
  }

  /** A value that holds some of the pool. */
  #value(depth = 2) {
    const { r } = this;
    const isLeaf = depth === 0 || r.chance(40);
    if (isLeaf) return this.#pool.length > 0 && r.chance(70) ? this.#one() : r.below(10);
    const items = r.list(3, (i) => [`k${i}`, this.#value(depth - 1)]);
    return r.pick([
      () => items.map(([, item]) => item),
      () => Object.fromEntries(items),
      () => new Map(items),
    ])();
  }

  #held() {
    return this.r.chance(50) ? undefined : { held: this.#value(1) };
  }

  get #other() {
    return this.self.ctx.exports.Node.getByName(`other ${this.seed} ${this.r.below(2)}`);
  }

  async make() {
    const { r } = this;
    const { exports } = this.self.ctx;
    const id = this.#id();
    const held = this.#held();
    const [name, act] = r.pick([
      ['service', () => exports.Service({ props: { id, held } })],
      ['object', () => exports.Node.getByName(`made ${this.seed} ${r.below(2)}`)],
      ['class', () => exports.Part({ props: { id, held } })],
    ]);
    await this.#log(`make ${name} ${shape(held)}`, act);
  }

  async restore() {
    const { r, self } = this;
    const params = {
      kind: r.pick(['target', 'target', 'service', 'object', 'facet']),
      id: this.#id(),
      held: this.#held(),
    };
    const { exports } = self.ctx;
    const [name, place] = r.weighted([
      [3, ['itself', () => ({ restores: (given) => self.ctx.restore(given) })]],
      [2, ['a service', () => exports.Service({ props: { id: 'restorer' } })]],
      [2, ['an object', () => this.#other]],
      [2, ['a facet', () => self.ctx.restore({ kind: 'facet', id: 'restorer' })]],
      [1, ['a facet, directly', () => make(self, { kind: 'facet', id: 'direct' })]],
    ]);
    await this.#log(`${name} restores ${params.kind} ${shape(params.held)}`, async () =>
      (await place()).restores(params),
    );
  }

  async put() {
    const { r, self } = this;
    const { storage } = self.ctx;
    const key = r.pick(keys);
    const value = r.chance(50) ? this.#one() : this.#value();
    const [name, act] = r.weighted([
      [3, ['put', () => storage.put(key, value)]],
      [2, ['kv.put', () => storage.kv.put(key, value)]],
      [1, ['entries', () => storage.put({ [key]: value, d: value })]],
      [
        1,
        ['transaction', () => storage.transaction(async (txn) => void (await txn.put(key, value)))],
      ],
      ...this.#rolledBack(key, value),
      [1, ['sync', () => storage.transactionSync(() => storage.kv.put(key, value))]],
      [2, ['other', () => this.#other.put(key, value)]],
      [1, ['delete', async () => void (await storage.delete(key))]],
    ]);
    await this.#log(`${name} ${key} ${shape(value)}`, act);
  }

  /** Not once an RpcStub was stored: workerd hangs then, or ends. */
  #rolledBack(key, value) {
    this.#storesRpc ||= [...itemsIn(value)].some((item) => typeof item === 'function');
    if (this.#storesRpc) return [];
    const act = () =>
      this.self.ctx.storage.transaction(async (txn) => {
        await txn.put(key, value);
        txn.rollback();
      });
    return [[1, ['rolled back', act]]];
  }

  async load() {
    const { r, self } = this;
    const { storage } = self.ctx;
    const key = r.pick(keys);
    const [name, act] = r.weighted([
      [3, ['get', () => storage.get(key)]],
      [2, ['kv.get', () => storage.kv.get(key)]],
      [1, ['list', () => storage.list()]],
      [1, ['kv.list', () => new Map(storage.kv.list())]],
      [3, ['other', () => this.#other.get(key)]],
    ]);
    await this.#log(`${name} ${key}`, act);
  }

  async use() {
    const item = this.#one();
    const depth = this.r.below(3);
    const name = `as ${this.#id()}`;
    await this.#log(`use ${shape(item)} ${depth}`, () => {
      if (!isClass(item)) return item.hi(depth);
      return this.self.ctx.facets.get(name, () => ({ class: item })).hi(depth);
    });
  }

  async dup() {
    const item = this.#one();
    await this.#log(`dup ${shape(item)}`, () =>
      typeof item === 'function' ? item.dup() : 'not that',
    );
  }

  async echo() {
    const value = this.#value(1);
    await this.#log(`echo ${shape(value)}`, () => this.#other.echo({ value }));
  }

  async fails() {
    const kind = this.r.pick(['nothing', 'target']);
    const held = kind === 'nothing' ? undefined : this.self.env.NODES.getByName('of env');
    await this.#log(`fails ${kind}`, async () => {
      const stub = await this.self.ctx.restore({ kind, id: 'failing', held });
      await this.self.ctx.storage.put('failed', stub);
    });
  }
}

export default {
  async fetch(request, env, ctx) {
    const seed = Number(new URL(request.url).pathname.slice(1));
    return new Response((await ctx.exports.Node.getByName(`seed ${seed}`).run(seed)).join('\n'));
  },
};
