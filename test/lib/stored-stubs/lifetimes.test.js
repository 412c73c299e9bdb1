// How long what a stored stub was restored to lives, and that nothing of it is left (spec S3.8.9, S7.6.4).
'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');
const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');
const { evict } = require('../../../lib/testing/controls/eviction');
const { Runtime } = require('../../../lib/runtime');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

const SOURCE = `
  import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from 'cloudflare:workers';
  let log = [];
  class Counter extends RpcTarget {
    add(n) { return n; }
    [Symbol.dispose]() { log.push('disposed'); }
  }
  export class Part extends DurableObject {
    calls = 0;
    count() { return ++this.calls; }
  }
  export class Store extends DurableObject {
    async put() {
      const counter = await this.ctx.restore({ kind: 'counter' });
      await this.ctx.storage.put('counter', counter);
      counter[Symbol.dispose]();
      await this.ctx.storage.put('facet', await this.ctx.restore({ kind: 'facet' }));
    }
    copy(key, stub) { return this.ctx.storage.put(key, stub); }
    get(key) { return this.ctx.storage.get(key); }
    async use(key, method, ...args) { return (await this.ctx.storage.get(key))[method](...args); }
    async keep(key) { this.kept = await this.ctx.storage.get(key); }
    useKept(method) { return this.kept[method](); }
    isNew() { const isNew = this.known === undefined; this.known = true; return isNew; }
    [restore]({ kind }) {
      log.push('restores ' + kind);
      return kind === 'counter' ? new Counter() : this.ctx.facets.get('part', () => ({ class: this.ctx.exports.Part }));
    }
  }
  export default {
    async fetch(request, env, { exports }) {
      const store = exports.Store.getByName('vendor');
      const other = exports.Store.getByName('other');
      const actions = {
        put: () => store.put(),
        copy: async () => { await other.copy('counter', await store.get('counter')); await other.copy('facet', await store.get('facet')); },
        loaded: async () => (await other.get('counter')).add(1),
        used: () => other.use('counter', 'add', 1),
        facet: () => other.use('facet', 'count'),
        keep: () => other.keep('facet'),
        kept: () => other.useKept('count'),
        isNew: async () => [await store.isNew(), await other.isNew()],
        log: () => log.splice(0),
      };
      return Response.json((await actions[new URL(request.url).pathname.slice(1)]()) ?? null);
    },
  };`;

/** @type {any} */
let runtime;
/** @type {string} */
let url;

/** @param {object} [options] */
async function start(options) {
  runtime = await createRuntime({
    config: makeProject({
      'wrangler.json': {
        name: 'lifetimes',
        main: 'index.js',
        compatibility_date: '2026-08-25',
        compatibility_flags: ['allow_irrevocable_stub_storage'],
        migrations: [{ tag: 'v1', new_sqlite_classes: ['Store'] }],
      },
      'index.js': SOURCE,
    }),
    ...options,
  });
  ({ url } = await runtime.listen({ port: 0 }));
  await ask('put');
  await ask('copy');
  // A counter was made for put(), and one for the stub that went to copy().
  expect((await logged(5)).filter((line) => line === 'disposed')).toHaveLength(2);
}

/** @param {string} what @returns {Promise<any>} */
const ask = async (what) => (await fetch(`${url}/${what}`)).json();

const instances = () => Runtime.partsOf(runtime).shard.actors.instances();

/** @param {() => boolean | Promise<boolean>} isDone @param {() => void} [between] */
async function until(isDone, between = () => {}) {
  for (let round = 0; round < 500; round += 1) {
    if (await isDone()) return;
    between();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not come.');
}

/** What was logged when that is so many lines. @param {number} count @param {() => void} [between] */
async function logged(count, between) {
  /** @type {string[]} */
  const lines = [];
  await until(async () => {
    lines.push(...(await ask('log')));
    return lines.length >= count;
  }, between);
  return lines;
}

afterEach(() => runtime.close());
afterAll(removeProjects);

test('S3.8.9 what a request loaded and used goes with the request', async () => {
  await start();
  expect(await ask('loaded')).toBe(1);
  expect(await logged(2)).toEqual(['restores counter', 'disposed']);
});

test('S3.8.9 what an object loaded, used and forgot goes when it is collected', async () => {
  await start();
  for (let i = 0; i < 20; i += 1) expect(await ask('used')).toBe(1);
  const lines = await logged(40, collect);
  expect(lines.filter((line) => line === 'disposed')).toHaveLength(20);
  for (const instance of instances()) expect(instance.stubs.size).toBe(0);
});

test.each([0, 20])(
  'S3.8.9 loaded stubs keep no object in memory: evicted after %s ms',
  async (ms) => {
    await start({ idleEvictionMs: ms });
    expect(await ask('isNew')).toEqual([true, true]);
    expect(await ask('used')).toBe(1);
    expect(await ask('facet')).toBe(1);
    await until(() => instances().length === 0);
    expect(await ask('facet')).toBe(1); // the facet's instance, too, is another
    expect(await ask('used')).toBe(1);
    expect(await ask('isNew')).toEqual([true, true]);
  },
);

test('S3.8.9 a facet whose parent was evicted is restored again for a stub that was kept', async () => {
  await start();
  await ask('keep');
  expect(await ask('kept')).toBe(1);
  expect(await ask('kept')).toBe(2);
  expect(await ask('log')).toEqual(['restores facet']);
  const [vendor] = instances().filter(
    ({ facet, id }) => facet === undefined && id.name === 'vendor',
  );
  await evict(vendor);
  expect(vendor.isLive).toBe(false);
  expect(await ask('kept')).toBe(1);
  expect(await ask('log')).toEqual(['restores facet']);
});
