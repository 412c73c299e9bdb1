// Records of stored stubs are bytes from outside (spec S3.8.9): what is damaged or unknown makes one read fail, and nothing else.
'use strict';

const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');
const { runAs } = require('../../../lib/current');
const { Runtime } = require('../../../lib/runtime');

const SOURCE = `
  import { DurableObject, RpcTarget, WorkerEntrypoint, restore } from 'cloudflare:workers';
  class Counter extends RpcTarget { add(n) { return n; } }
  export class Greeter extends WorkerEntrypoint { greet(name) { return 'hello ' + name; } }
  export class Part extends DurableObject {}
  export class Store extends DurableObject {
    started = Math.random();
    async fetch(request) {
      const { storage, exports } = this.ctx;
      const action = new URL(request.url).pathname.slice(1);
      if (action === 'put') {
        const service = exports.Greeter({ props: { deep: [new Map([['k', exports.Greeter({ props: { text: 'x'.repeat(40) } })]])] } });
        await storage.put({
          service,
          object: exports.Store.getByName('b'),
          class: exports.Part({ props: { service } }),
          restored: await this.ctx.restore({ kind: 'service', service }),
          counter: await this.ctx.restore({ kind: 'counter' }),
        });
      }
      const read = async (key) => {
        try { return typeof (await storage.get(key)); }
        catch (error) { return error.name + ': ' + error.message; }
      };
      return Response.json([this.started, await read(action), await read('plain')]);
    }
    async levels(count) {
      const { exports, storage } = this.ctx;
      let stub = exports.Greeter({});
      for (let i = 1; i < count; i += 1) stub = exports.Greeter({ props: { stub } });
      await storage.put('levels', stub);
      return (await storage.get('levels')).greet('you');
    }
    async bytes(size) {
      const { exports, storage } = this.ctx;
      await storage.put('bytes', exports.Greeter({ props: { bytes: new Uint8Array(size) } }));
      return (await storage.get('bytes')).greet('you');
    }
    [restore]({ kind }) { return kind === 'service' ? this.ctx.exports.Greeter({}) : new Counter(); }
  }
  export default { fetch: (request, { STORE }) => STORE.getByName('a').fetch(request) };`;

/** @type {any} */
let runtime;
/** @type {any} of the object's database */
let store;

/** @param {string} path @returns {Promise<any[]>} */
const ask = async (path) => (await runtime.fetch(`https://x/${path}`)).json();

beforeAll(async () => {
  runtime = await createRuntime({
    config: makeProject({
      'wrangler.json': {
        name: 'records',
        main: 'index.js',
        compatibility_date: '2026-08-25',
        compatibility_flags: ['allow_irrevocable_stub_storage'],
        durable_objects: { bindings: [{ name: 'STORE', class_name: 'Store' }] },
        migrations: [{ tag: 'v1', new_sqlite_classes: ['Store'] }],
      },
      'index.js': SOURCE,
    }),
  });
  await ask('put');
  store = Runtime.partsOf(runtime).shard.actors.instances()[0].store;
});

afterAll(async () => {
  await runtime.close();
  removeProjects();
});

/** As the object's own code. @param {() => any} action */
const inObject = (action) => runAs(store.instance, action);

/** @param {string} key @returns {Buffer} */
const bytesOf = (key) => Buffer.from(inObject(() => store.native.kvGet(store.handle, key)));

/** @param {Buffer} bytes @returns {Promise<string>} how reading them ends, which is the type of what is read or an error */
async function read(bytes) {
  inObject(() => store.kvPutBytes('damaged', bytes));
  const [started, outcome, plain] = await ask('damaged');
  expect(plain).toBe('undefined'); // the object goes on
  firstStart ??= started;
  expect(started).toBe(firstStart); // it was not reset
  return outcome;
}

/** @type {number | undefined} */
let firstStart;

const kKeys = ['service', 'object', 'class', 'restored', 'counter'];

test.each(kKeys)('S3.8.9 the record of a %s, cut off anywhere', async (key) => {
  const bytes = bytesOf(key);
  expect(await read(bytes)).toMatch(/^(object|function)$/);
  for (let length = 3; length < bytes.length; length += 1)
    expect(await read(bytes.subarray(0, length))).toMatch(/^[A-Za-z]*Error: /);
});

test.each(kKeys)('S3.8.9 the record of a %s with a byte that is another', async (key) => {
  const bytes = bytesOf(key);
  for (let at = 2; at < bytes.length; at += 1) {
    for (const change of [1, 0x80, 0xff]) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= change;
      expect(await read(damaged)).toMatch(/^([A-Za-z]*Error: |\w+$)/); // it may mean something else
    }
  }
});

test('S3.8.9 a record of another version, or of workerd', async () => {
  const bytes = bytesOf('object');
  const at = bytes.indexOf(1, 4); // the version follows the tag and the length
  const other = Buffer.from(bytes);
  other[at] = 2;
  expect(await read(other)).toBe(
    'Error: A stored stub cannot be read: it was written by another version of Holdfast, or by workerd.',
  );
});

test('S3.8.9 a record that names what it is not', async () => {
  const bytes = bytesOf('object').toString('latin1');
  const renamed = (/** @type {string} */ from, /** @type {string} */ to) =>
    read(Buffer.from(bytes.replace(from, to), 'latin1'));
  const damaged = 'Error: A stored stub cannot be read: it is damaged.';
  expect(await renamed('object', 'subjec')).toBe(damaged);
  expect(await renamed('object', '__prot')).toBe(damaged);
  expect(await renamed('records-Store', 'records-Other')).toBe(
    "Error: Stub refers to a Durable Object namespace that doesn't exist: records-Other",
  );
});

test('S3.8.9 levels of stubs inside of one another', async () => {
  const object = runtime.env.STORE.getByName('levels');
  expect(await object.levels(32)).toBe('hello you');
  await expect(object.levels(33)).rejects.toThrow(
    'A stub cannot be stored that holds others in more than 32 levels of props and restores.',
  );
});

test('S3.8.9 the size of a record', async () => {
  const object = runtime.env.STORE.getByName('bytes');
  expect(await object.bytes(1024 * 1024 - 300)).toBe('hello you');
  await expect(object.bytes(1024 * 1024)).rejects.toThrow(
    'A stub cannot be stored whose props and parameters take more than 1048576 bytes.',
  );
});
/** As version 1 has written them; they are readable for ever (docs/formats/stored-stubs.md). */
const kVersion1 = {
  object:
    '/w9cC2QB/w9BBCIGb2JqZWN0Ig1yZWNvcmRzLVN0b3JlIkA3NDYwMjg1OTA2ODk2ZmUwZTljMzg1Mzg5YWJjYzZmNGMyY2ExZDYwYjJlZDVjYWM1ZjJhYTFjNTUzMmU1YTUzIgFiJAAE',
  service:
    '/w9cC5ABAf8PQQQiB3NlcnZpY2UiB3JlY29yZHMiB0dyZWV0ZXJvIgRkZWVwQQE7IgFrXAtWAf8PQQQiB3NlcnZpY2UiB3JlY29yZHMiB0dyZWV0ZXJvIgR0ZXh0Iih4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4ewEkAAQ6AiQAAXsBJAAE',
  class:
    '/w9cDL4BAf8PQQQiBWNsYXNzIgdyZWNvcmRzIgRQYXJ0byIHc2VydmljZVwLkAEB/w9BBCIHc2VydmljZSIHcmVjb3JkcyIHR3JlZXRlcm8iBGRlZXBBATsiAWtcC1YB/w9BBCIHc2VydmljZSIHcmVjb3JkcyIHR3JlZXRlcm8iBHRleHQiKHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh7ASQABDoCJAABewEkAAR7ASQABA==',
  restored:
    '/w9cC6gCAf8PQQMiCHJlc3RvcmVkXAtkAf8PQQQiBm9iamVjdCINcmVjb3Jkcy1TdG9yZSJAZmRjYWI3M2I3YmJmYzI2NjU2OTM4MDI0NDVkNDViYWE0MWE2NDIwZGU2NjdmYjNmMGUyNjk0NmE4NzljZGM5ZiIBYSQABG8iBGtpbmQiB3NlcnZpY2UiB3NlcnZpY2VcC5ABAf8PQQQiB3NlcnZpY2UiB3JlY29yZHMiB0dyZWV0ZXJvIgRkZWVwQQE7IgFrXAtWAf8PQQQiB3NlcnZpY2UiB3JlY29yZHMiB0dyZWV0ZXJvIgR0ZXh0Iih4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4ewEkAAQ6AiQAAXsBJAAEewIkAAM=',
  counter:
    '/w9cAYsBAf8PQQMiCHJlc3RvcmVkXAtkAf8PQQQiBm9iamVjdCINcmVjb3Jkcy1TdG9yZSJAZmRjYWI3M2I3YmJmYzI2NjU2OTM4MDI0NDVkNDViYWE0MWE2NDIwZGU2NjdmYjNmMGUyNjk0NmE4NzljZGM5ZiIBYSQABG8iBGtpbmQiB2NvdW50ZXJ7ASQAAw==',
};

test.each(Object.entries(kVersion1))('S3.8.9 a %s of version 1', async (key, base64) => {
  const bytes = Buffer.from(base64, 'base64');
  expect(await read(bytes)).toMatch(/^(object|function)$/);
  expect(bytesOf(key)).toEqual(bytes);
});

test('S3.8.9 stubs as workerd stores them', async () => {
  // Its token, and what it keeps elsewhere (_cf_EXTERNALS).
  expect(await read(Buffer.from('ff0f5c0b086d8082900001020304', 'hex'))).toBe(
    'Error: A stored stub cannot be read: it was written by another version of Holdfast, or by workerd.',
  );
  expect(await read(Buffer.from('ff0f5c01', 'hex'))).toBe(
    'Error: A stored stub cannot be read: it is damaged, or was written by workerd.',
  );
});
