// KV beyond what conformance shows (S8.7.1): time passing, restarts, what a crash leaves behind.
'use strict';

const { createRuntime, DurableObject } = require('../../..');
const { Blobs, kPartBytes } = require('../../../lib/bindings/blobs');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');

/** @type {any} */
let runtime;
afterEach(async () => {
  jest.restoreAllMocks();
  await runtime?.close();
});
afterAll(removeProjects);

const config = { kv_namespaces: [{ binding: 'KV', id: 'kv' }] };

test('an expired entry is gone: from get, from lists, and with the next put from the disk', async () => {
  runtime = await boundRuntime(config);
  const { KV } = runtime.env;
  await KV.put('short', 'v', { expirationTtl: 60 });
  await KV.put('long', 'v', { expirationTtl: 600 });
  const start = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(start + 59_000);
  expect(await KV.get('short')).toBe('v');
  clock.mockReturnValue(start + 62_000);
  expect((await KV.list()).keys.map((/** @type {any} */ key) => key.name)).toEqual(['long']);
  expect(await KV.get('short')).toBeNull();
  clock.mockReturnValue(start + 700_000);
  await KV.put('other', 'v');
  clock.mockReturnValue(start);
  expect(await KV.get('long')).toBeNull();
});

test('a binding without an id has data of its own name', async () => {
  const dataDir = temporaryDirectory('kv');
  runtime = await boundRuntime(
    { kv_namespaces: [{ binding: 'A' }, { binding: 'B', id: 'A' }] },
    { dataDir },
  );
  await runtime.env.A.put('k', 'v');
  expect(await runtime.env.B.get('k')).toBe('v');
});

test('the config is checked', async () => {
  const bad = boundRuntime({ kv_namespaces: [{ id: 5 }] });
  await expect(bad).rejects.toThrow(
    '"kv_namespaces[0]": entry should have a string "binding" field. the field "id", when present, should be a string.',
  );
  await expect(boundRuntime({ kv_namespaces: {} })).rejects.toThrow(
    'The field "kv_namespaces" should be an array but got {}.',
  );
});

test('calls after the end reject', async () => {
  const ended = await boundRuntime(config);
  await ended.close();
  await expect(ended.env.KV.get('k')).rejects.toThrow('The runtime is closed.');
});

/** A store of its own, to look at its parts. */
class Shelf extends DurableObject {
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (blob INTEGER)');
    this.blobs = new Blobs(ctx.storage.sql, 'SELECT blob FROM rows');
  }
  /** @param {number} length @param {boolean} isKept */
  put(length, isKept) {
    const blob = this.blobs.put(new Uint8Array(length).fill(length % 251));
    if (isKept) this.ctx.storage.sql.exec('INSERT INTO rows VALUES (?)', blob);
    return blob;
  }
  /** @param {number} blob */
  length(blob) {
    return this.blobs.get(blob).byteLength;
  }
  parts() {
    return this.ctx.storage.sql.exec('SELECT count(*) AS n FROM parts').one().n;
  }
}

test('blobs are whole at every length, and those without a row are gone after a restart', async () => {
  const dataDir = temporaryDirectory('blobs');
  const open = () => createRuntime({ durableObjects: { SHELF: Shelf }, dataDir });
  runtime = await open();
  const shelf = runtime.env.SHELF.getByName('s');
  for (const length of [0, 1, kPartBytes - 1, kPartBytes, kPartBytes + 1, 3 * kPartBytes]) {
    expect(await shelf.length(await shelf.put(length, true))).toBe(length);
  }
  expect(await shelf.parts()).toBe(9);
  await shelf.put(2 * kPartBytes, false);
  expect(await shelf.parts()).toBe(11);
  await runtime.close();
  runtime = await open();
  expect(await runtime.env.SHELF.getByName('s').parts()).toBe(9);
  const next = await runtime.env.SHELF.getByName('s').put(1, true);
  expect(await runtime.env.SHELF.getByName('s').length(next)).toBe(1);
});
