// Stored stubs among several Workers, each with its own flags, and when those change between two runs (spec S3.8.9).
'use strict';

const path = require('node:path');
const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

/** @type {any[]} */
const open = [];

/** @param {string} directory @param {string[]} [names] of the Workers that run */
async function start(directory, names = ['front', 'other']) {
  const config = names.map((name) => path.join(directory, name));
  const runtime = await createRuntime({ config, dataDir: path.join(directory, 'data') });
  open.push(runtime);
  const ask = async (/** @type {string} */ what) => {
    const response = await runtime.fetch(`https://x/${what}`);
    return response.json();
  };
  return { runtime, ask };
}

const closeAll = () => Promise.all(open.splice(0).map((runtime) => runtime.close()));

beforeEach(() => jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(async () => {
  jest.restoreAllMocks();
  await closeAll();
});
afterAll(removeProjects);

const kFlag = ['allow_irrevocable_stub_storage'];

const FRONT = `
  import { DurableObject, WorkerEntrypoint, restore } from 'cloudflare:workers';
  export class Store extends DurableObject {
    put(key, value) { return this.ctx.storage.put(key, value); }
    get(key) { return this.ctx.storage.get(key); }
    async call(key, method, ...args) { return (await this.ctx.storage.get(key))[method](...args); }
    async facet(key) {
      const facet = this.ctx.facets.get('facet', async () => ({ class: await this.ctx.storage.get(key) }));
      return facet.where();
    }
    list() { return this.ctx.storage.list().then((map) => [...map.keys()]); }
    rest(key) { return this.ctx.storage.put(key, 'plain').then(() => this.ctx.storage.get(key)); }
  }
  export class Own extends WorkerEntrypoint {
    greet(name) { return 'own greets ' + name; }
    restores(params) { return this.ctx.restore(params); }
    [restore]() { return this.ctx.exports.Own({ props: {} }); }
  }
  const messageOf = (promise) => promise.then((value) => value ?? 'done', (error) => error.name + ': ' + error.message + (error.remote ? ' (remote)' : ''));
  export default {
    async fetch(request, { OTHER, PLAIN, OBJECTS }, { exports }) {
      const store = exports.Store.getByName('a');
      const actions = {
        put: async () => {
          await store.put('own', exports.Own({ props: {} }));
          await store.put('restored', await exports.Own({ props: {} }).restores({}));
          await store.put('self', exports.Store.getByName('b'));
        },
        'put-theirs': async () => {
          const { service, object, part, restored, counter } = await OTHER.mint();
          const put = { service, object, part, restored, counter };
          const answers = [];
          for (const key of Object.keys(put)) answers.push(await messageOf(store.put(key, put[key])));
          return answers;
        },
        'put-bindings': () => Promise.all([OTHER, PLAIN, OBJECTS.getByName('x')].map((stub) => messageOf(store.put('binding', stub)))),
        own: () => Promise.all(['own', 'restored', 'self'].map((key) => messageOf(key === 'self' ? store.call(key, 'list') : store.call(key, 'greet', 'you')))),
        theirs: async () => [
          await messageOf(store.call('service', 'greet', 'you')),
          await messageOf(store.call('object', 'where')),
          await messageOf(store.facet('part')),
          await messageOf(store.call('restored', 'greet', 'you')),
          await messageOf(store.call('counter', 'add', 1)),
          await messageOf(store.get('service').fetch('https://x/')),
        ],
        list: () => messageOf(store.list()),
        rest: () => messageOf(store.rest('plain')),
      };
      return Response.json((await messageOf(actions[new URL(request.url).pathname.slice(1)]())) ?? null);
    },
  };`;

const OTHER = `
  import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from 'cloudflare:workers';
  class Counter extends RpcTarget { add(n) { return 'counted ' + n; } }
  export class Thing extends DurableObject {
    where() { return [this.env.NAME, this.ctx.props.title ?? 'untitled', typeof this.ctx.restore, typeof this.ctx.exports.Greeter].join(' '); }
  }
  export class Part extends Thing {}
  export class Greeter extends WorkerEntrypoint {
    greet(name) { return this.env.NAME + ' greets ' + name + ' ' + this.ctx.props.tone; }
    fetch() { return new Response(this.env.NAME); }
  }
  export class Minter extends WorkerEntrypoint {
    async mint() {
      const { exports } = this.ctx;
      const stubs = {
        service: exports.Greeter({ props: { tone: 'softly' } }),
        object: exports.Thing.getByName('a'),
        part: exports.Part({ props: { title: 'part' } }),
      };
      if (this.ctx.restore === undefined) return stubs;
      return { ...stubs, restored: await this.ctx.restore({ kind: 'service' }), counter: await this.ctx.restore({ kind: 'counter' }) };
    }
    greet() { return 'minter'; }
    [restore]({ kind }) {
      return kind === 'service' ? this.ctx.exports.Greeter({ props: { tone: 'again' } }) : new Counter();
    }
  }
  export default { fetch: () => new Response('other') };`;

const base = { main: 'index.js', compatibility_date: '2026-08-25' };

/** @param {{front?: string[], other?: string[]}} [flags] */
const configs = ({ front = kFlag, other = kFlag } = {}) => ({
  'front/wrangler.json': {
    ...base,
    name: 'front',
    compatibility_flags: front,
    services: [
      { binding: 'OTHER', service: 'other', entrypoint: 'Minter' },
      { binding: 'PLAIN', service: 'other' },
    ],
    durable_objects: {
      bindings: [{ name: 'OBJECTS', class_name: 'Thing', script_name: 'other' }],
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Store'] }],
  },
  'front/index.js': FRONT,
  'other/wrangler.json': {
    ...base,
    name: 'other',
    compatibility_flags: other,
    vars: { NAME: 'other' },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Thing'] }],
  },
  'other/index.js': OTHER,
});

const kTargetWithout =
  'DataCloneError: Cannot store this stub because the target worker does not have the allow_irrevocable_stub_storage compatibility flag enabled.';
const kNoLonger =
  'Error: Invoked a Worker from a stored stub, but the target worker no longer has the allow_irrevocable_stub_storage compatibility flag enabled.';

test('S3.8.9 stubs of another Worker are stored, and used in its place, also by a new runtime', async () => {
  const directory = makeProject(configs());
  const first = await start(directory);
  expect(await first.ask('put-theirs')).toEqual(['done', 'done', 'done', 'done', 'done']);
  const used = [
    'other greets you softly',
    'other untitled function function',
    'other part function function',
    'other greets you again',
    'counted 1',
    {},
  ];
  expect(await first.ask('theirs')).toEqual(used);
  await closeAll();
  const second = await start(directory);
  expect(await second.ask('theirs')).toEqual(used);
});

test('S3.8.9 stubs of a Worker without the flag, and those of bindings, are not stored', async () => {
  const directory = makeProject(configs({ other: [] }));
  const { ask } = await start(directory);
  const undef = 'TypeError: put() called with undefined value. (remote)';
  expect(await ask('put-theirs')).toEqual([
    ...Array(3).fill(`${kTargetWithout} (remote)`),
    undef,
    undef,
  ]);
  expect(await ask('put-bindings')).toEqual(Array(3).fill(`${kTargetWithout} (remote)`));
  expect(await ask('list')).toEqual([]);
});

test('S3.8.9 a target that has dropped the flag refuses what was stored', async () => {
  const directory = makeProject(configs());
  await (await start(directory)).ask('put-theirs');
  await closeAll();
  writeFiles(directory, configs({ other: [] }));
  const { ask } = await start(directory);
  const [service, object, , restored, counter] = await ask('theirs');
  for (const answer of [service, object, restored, counter])
    expect(answer).toBe(`${kNoLonger} (remote)`);
});

test('S3.8.9 a Worker that has dropped the flag cannot read its stubs, and everything else', async () => {
  const directory = makeProject(configs());
  await (await start(directory)).ask('put');
  await closeAll();
  writeFiles(directory, configs({ front: [] }));
  const { ask } = await start(directory);
  const refused = 'DataCloneError: ServiceStub cannot be deserialized in this context. (remote)';
  expect((await ask('own')).slice(0, 1)).toEqual([refused]);
  expect(await ask('list')).toBe(refused);
  expect(await ask('rest')).toBe('plain');
  await closeAll();
  writeFiles(directory, configs());
  const again = await start(directory);
  expect(await again.ask('own')).toEqual(['own greets you', 'own greets you', []]);
});

test('S3.8.9 a Worker, an entrypoint, a class and a namespace that are gone', async () => {
  const directory = makeProject(configs());
  await (await start(directory)).ask('put-theirs');
  await closeAll();
  const alone = await start(directory, ['front']);
  const theirs = await alone.ask('theirs');
  expect(theirs.slice(0, 4)).toEqual([
    "Error: Stub refers to a service that doesn't exist: other (remote)",
    "Error: Stub refers to a Durable Object namespace that doesn't exist: other-Thing (remote)",
    expect.stringContaining("Stub refers to a service that doesn't exist: other"),
    "Error: Stub refers to a service that doesn't exist: other (remote)",
  ]);
  expect(await alone.ask('rest')).toBe('plain');
  await closeAll();
  const source = OTHER.replace('class Greeter', 'class Welcomer')
    .replace(/exports\.Greeter/g, 'exports.Welcomer')
    .replace('class Part', 'class Piece')
    .replace('exports.Part', 'exports.Piece');
  writeFiles(directory, { 'other/index.js': source });
  const changed = await start(directory);
  const [service, object, part, restored] = await changed.ask('theirs');
  expect(service).toBe(
    "Error: Stub refers to an entrypoint of the service other that doesn't exist: Greeter (remote)",
  );
  expect(object).toContain('other untitled');
  expect(part).toContain("Stub refers to a class of the service other that doesn't exist: Part");
  expect(restored).toBe('other greets you again');
});

test('S3.8.9 new code of a reload is what loaded stubs call', async () => {
  const directory = makeProject(configs());
  const { runtime, ask } = await start(directory);
  await ask('put-theirs');
  writeFiles(directory, { 'other/index.js': OTHER.replaceAll(' greets ', ' now greets ') });
  expect(await runtime.reload()).toBe(true);
  const [service, , , restored] = await ask('theirs');
  expect([service, restored]).toEqual([
    'other now greets you softly',
    'other now greets you again',
  ]);
});
