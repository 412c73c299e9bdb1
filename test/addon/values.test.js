// Values through the whole way: primitives are encoded and decoded natively, the rest by V8 (S3.8.1).
'use strict';

const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');

const long = 'x'.repeat(255);
const primitives = [
  ...[null, true, false, 0, -0, 1, -1, 63, 64, -64, -65, 2 ** 30, 2 ** 31 - 1, -(2 ** 31), 2 ** 31],
  ...[0.1, -1e308, Number.MAX_SAFE_INTEGER, NaN, Infinity, -Infinity],
  ...['', 'a', 'é', 'ÿ', 'Ā', '日本', '😀', '\uD800', 'nul\0', long, `${long}x`, `${long}xx`],
  ...[`${long}é`, 'x'.repeat(5000), 5n, -(2n ** 70n)],
];

class Values extends DurableObject {
  /** Both ways to read: get() decodes natively what it can, list() leaves everything to V8. */
  async roundTrip(values) {
    const { storage } = this.ctx;
    for (const [i, value] of values.entries()) await storage.put(`k${i}`, value);
    const listed = await storage.list();
    const many = await storage.get(values.map((_value, i) => `k${i}`));
    const found = [];
    for (const i of values.keys()) {
      const key = `k${i}`;
      found.push([await storage.get(key), storage.kv.get(key), many.get(key), listed.get(key)]);
    }
    return found;
  }

  async undefinedIsStored() {
    const { storage } = this.ctx;
    storage.kv.put('u', undefined);
    return [
      storage.kv.get('u'),
      [...(await storage.get(['u', 'none'])).keys()],
      [...storage.kv.list()],
    ];
  }

  async refused() {
    const failed = [];
    for (const value of [Symbol('s'), () => 1]) {
      await this.ctx.storage.put('bad', value).catch((error) => failed.push(error.name));
    }
    return [failed, await this.ctx.storage.get('bad')];
  }
}

/** @type {any} */
let runtime;
beforeAll(async () => {
  runtime = await createRuntime({ durableObjects: { VALUES: Values } });
});
afterAll(() => runtime.close());

test('S3.8.1 a primitive comes back as it was, whoever reads it', async () => {
  const found = await runtime.env.VALUES.getByName('a').roundTrip(primitives);
  for (const [i, value] of primitives.entries()) {
    for (const read of found[i]) expect([i, Object.is(read, value)]).toEqual([i, true]);
  }
});

test('S3.11.5 a stored undefined is a row', async () => {
  const [value, keys, rows] = await runtime.env.VALUES.getByName('b').undefinedIsStored();
  expect(value).toBeUndefined();
  expect(keys).toEqual(['u']);
  expect(rows).toEqual([['u', undefined]]);
});

test('S3.8.3 what cannot be stored is refused and leaves nothing', async () => {
  const [names, value] = await runtime.env.VALUES.getByName('c').refused();
  expect(names).toEqual(['DataCloneError', 'DataCloneError']);
  expect(value).toBeUndefined();
});
