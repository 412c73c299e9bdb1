// createRuntime({ limits }): that the storage obeys, and that the types know them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');
const { limitDefaults } = require('../../lib/constants');
const { temporaryDirectory } = require('../support/server');

class Notebook extends DurableObject {
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }

  get(key) {
    return this.ctx.storage.get(key);
  }

  // One transaction of so many rows of a kilobyte.
  fill(rows) {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS t(x)');
    for (let row = 0; row < rows; row += 1) sql.exec('INSERT INTO t VALUES(zeroblob(1000))');
  }
}

const open = (options) => createRuntime({ durableObjects: { NOTES: Notebook }, ...options });

test('types/index.d.ts has every limit', () => {
  const text = fs.readFileSync(path.join(__dirname, '../../types/index.d.ts'), 'utf8');
  const type = /type LimitName =([^;]*);/.exec(text)?.[1] ?? '';
  expect([...type.matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual(
    Object.keys(limitDefaults),
  );
});

test('segmentBytes: the log goes on in a new file', async () => {
  const dataDir = temporaryDirectory('limits');
  const runtime = await open({ dataDir, limits: { segmentBytes: 1000, logReserveBytes: 0 } });
  const stub = runtime.env.NOTES.getByName('a');
  const log = path.join(dataDir, 'log');
  const before = fs.readdirSync(log);
  await stub.put('k', 'x'.repeat(2000));
  await stub.put('k', 'y'.repeat(2000));
  expect(fs.readdirSync(log).length).toBeGreaterThan(before.length);
  await runtime.close();
});

test('transactionBytesMax: the object is reset, the next transaction goes on', async () => {
  const dataDir = temporaryDirectory('limits');
  const runtime = await open({ dataDir, limits: { transactionBytesMax: 100_000 } });
  const stub = runtime.env.NOTES.getByName('a');
  await stub.put('k', 'before');
  await expect(stub.fill(1000)).rejects.toThrow('SQLITE_FULL');
  const again = runtime.env.NOTES.getByName('a');
  expect(await again.get('k')).toBe('before');
  await again.put('k', 'after');
  expect(await again.get('k')).toBe('after');
  await runtime.close();
});
