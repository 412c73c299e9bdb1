// A damaged file of one object breaks that object alone, with an error that names the file (S4.10.4, S2.7).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');
const { flip } = require('../support/damage');
const { temporaryDirectory } = require('../support/server');

const PAGE_BYTES = 4096;
const KEYS = 200;

class Shelf extends DurableObject {
  async fill() {
    for (let i = 0; i < KEYS; i += 1) await this.ctx.storage.put(`key ${i}`, 'x'.repeat(200));
    return this.ctx.id.toString();
  }
  async count() {
    return (await this.ctx.storage.list()).size;
  }
  countSql() {
    return this.ctx.storage.sql.exec('SELECT count(*) AS n FROM sqlite_master').one().n;
  }
  async add() {
    await this.ctx.storage.put('more', 1);
  }
}

const open = (/** @type {string} */ dataDir) =>
  createRuntime({ durableObjects: { SHELF: Shelf }, dataDir });

const damages = {
  'the first bytes of page 1': (/** @type {string} */ file) => flip(file, 0, 16),
  'the tree in page 1': (/** @type {string} */ file) => flip(file, 100, 12),
  'a leaf page': (/** @type {string} */ file) => flip(file, 3 * PAGE_BYTES, 12),
  'every page but the first': (/** @type {string} */ file) =>
    flip(file, PAGE_BYTES, fs.statSync(file).size - PAGE_BYTES),
};

describe.each(Object.entries(damages))('%s', (_what, damage) => {
  test('S4.10.4 breaks one object, which says which file, and the others go on', async () => {
    const dataDir = temporaryDirectory('damage');
    let runtime = await open(dataDir);
    const names = ['damaged', 'whole', 'other'];
    const [id] = await Promise.all(names.map((name) => runtime.env.SHELF.getByName(name).fill()));
    await runtime.close();
    const file = path.join(dataDir, 'do', 'worker-Shelf', `${id}.sqlite`);
    damage(file);

    runtime = await open(dataDir);
    // A stub of an object that broke stays broken (S1.9.4).
    const stubs = () => names.map((name) => runtime.env.SHELF.getByName(name));
    for (let round = 0; round < 2; round += 1) {
      const [damaged, ...others] = stubs();
      const calls = [damaged.count(), ...others.map((stub) => stub.count())];
      const [broken, ...counts] = await Promise.allSettled(calls);
      expect(broken.reason).toBeInstanceOf(Error);
      expect(broken.reason.message).toContain(file);
      expect(broken.reason.message).toMatch(/Restore it from a copy, or move it away/);
      expect(counts.map(({ value }) => value)).toEqual([KEYS + round, KEYS + round]);
      for (const stub of others) await stub.add();
    }
    // Moved away it starts anew, without a restart.
    fs.renameSync(file, `${file}.damaged`);
    const [damaged] = stubs();
    expect(await damaged.count()).toBe(0);
    await damaged.add();
    expect(await damaged.count()).toBe(1);
    await runtime.close();
  });
});
