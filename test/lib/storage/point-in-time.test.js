// Point-in-time recovery as a Durable Object uses it (spec S4.13).
'use strict';

const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { createRuntime, DurableObject } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');

const kUnsupported =
  "This Durable Object's storage back-end does not implement point-in-time recovery.";
const kBookmark = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

class Notes extends DurableObject {
  /** @param {string} key @param {unknown} value @returns {Promise<string>} the bookmark after it */
  async write(key, value) {
    const { storage } = this.ctx;
    storage.sql.exec('CREATE TABLE IF NOT EXISTS log(line)');
    storage.sql.exec('INSERT INTO log VALUES(?)', `${key}=${value}`);
    await storage.put(key, value);
    return storage.getCurrentBookmark();
  }

  async read() {
    const { storage } = this.ctx;
    const has = storage.sql.exec("SELECT 1 FROM sqlite_schema WHERE name = 'log'").toArray().length;
    const lines = has ? [...storage.sql.exec('SELECT line FROM log').raw()].flat() : [];
    return { entries: Object.fromEntries(await storage.list()), lines };
  }

  current() {
    return this.ctx.storage.getCurrentBookmark();
  }

  /** @param {number | Date} time */
  forTime(time) {
    return this.ctx.storage.getBookmarkForTime(time);
  }

  /** @param {string} bookmark */
  restore(bookmark) {
    return this.ctx.storage.onNextSessionRestoreBookmark(bookmark);
  }

  /** @param {string} [bookmark] @returns {Promise<any>} */
  snapshot(bookmark) {
    return /** @type {any} */ (this.ctx.storage).snapshot(bookmark);
  }

  /** @param {any} snapshot @returns {Promise<string>} */
  takeOn(snapshot) {
    return /** @type {any} */ (this.ctx).onNextSessionRestore(snapshot);
  }

  /** @param {any} snapshot */
  store(snapshot) {
    return this.ctx.storage.put('snapshot', snapshot);
  }

  abort() {
    this.ctx.abort('restore');
  }

  /** @param {number} time */
  setAlarm(time) {
    return this.ctx.storage.setAlarm(time);
  }

  getAlarm() {
    return this.ctx.storage.getAlarm();
  }

  /** @returns {Promise<string[]>} of a transaction: within it after a write, and after it */
  async inTransaction() {
    const { storage } = this.ctx;
    const inside = await storage.transaction(async (txn) => {
      await txn.put('t', 1);
      return storage.getCurrentBookmark();
    });
    return [inside, await storage.getCurrentBookmark()];
  }

  alarm() {}
}

/** @type {(() => unknown)[]} */
const cleanUp = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});
afterAll(removeProjects);

function makeDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-pitr-'));
  cleanUp.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** @param {object} [options] */
async function start(options) {
  const runtime = await createRuntime({
    durableObjects: { NOTES: Notes },
    dataDir: makeDirectory(),
    retentionMs: 3_600_000,
    ...options,
  });
  cleanUp.push(() => runtime.close());
  return runtime;
}

/** @param {any} runtime */
const notes = (runtime) => runtime.env.NOTES.getByName('a');

/** @param {any} runtime @param {string} bookmark @returns {Promise<string>} for undoing */
async function restoreNow(runtime, bookmark) {
  const undo = await notes(runtime).restore(bookmark);
  await expect(notes(runtime).abort()).rejects.toThrow('restore');
  return undo;
}

const state = (/** @type {Record<string, unknown>} */ entries, ...lines) => ({ entries, lines });

describe('S4.13 with history', () => {
  test('a restore brings SQL and key-value data back, and can be undone', async () => {
    const runtime = await start();
    const empty = await notes(runtime).current();
    const first = await notes(runtime).write('k', 1);
    const second = await notes(runtime).write('k', 2);
    expect([empty, first, second].every((bookmark) => kBookmark.test(bookmark))).toBe(true);
    expect([second, first, empty].sort()).toEqual([empty, first, second]);
    const undo = await restoreNow(runtime, first);
    expect(undo).toBe(second);
    expect(await notes(runtime).read()).toEqual(state({ k: 1 }, 'k=1'));
    await notes(runtime).write('after', 1);
    expect(await notes(runtime).read()).toEqual(state({ after: 1, k: 1 }, 'k=1', 'after=1'));
    await restoreNow(runtime, undo);
    expect(await notes(runtime).read()).toEqual(state({ k: 2 }, 'k=1', 'k=2'));
    await restoreNow(runtime, empty);
    expect(await notes(runtime).read()).toEqual(state({}));
  });

  test('it takes effect at the next start, also when that is the next process', async () => {
    const dataDir = makeDirectory();
    const before = await start({ dataDir });
    const first = await notes(before).write('k', 1);
    await notes(before).write('k', 2);
    await notes(before).restore(first);
    expect((await notes(before).read()).entries).toEqual({ k: 2 });
    await before.close();
    const after = await start({ dataDir });
    expect(await notes(after).read()).toEqual(state({ k: 1 }, 'k=1'));
    await after.close();
    const later = await start({ dataDir });
    expect(await notes(later).read()).toEqual(state({ k: 1 }, 'k=1'));
  });

  test('by time', async () => {
    const runtime = await start();
    await notes(runtime).write('k', 1);
    const time = await nextMillisecond();
    await nextMillisecond();
    await notes(runtime).write('k', 2);
    const bookmark = await notes(runtime).forTime(time);
    expect(await notes(runtime).forTime(new Date(time))).toBe(bookmark);
    await restoreNow(runtime, bookmark);
    expect(await notes(runtime).read()).toEqual(state({ k: 1 }, 'k=1'));
    await expect(notes(runtime).forTime(Date.now() + 60_000)).rejects.toThrow('is in the future');
    await expect(notes(runtime).forTime(NaN)).rejects.toThrow(TypeError);
    await expect(notes(runtime).forTime(time - 3_600_000)).rejects.toThrow(
      /^That time is not retained: the history begins at \d{4}-.*Z\.$/,
    );
  });

  test('bookmarks that are none, and those of no retained commit', async () => {
    const runtime = await start();
    const first = await notes(runtime).write('k', 1);
    for (const text of ['', 'x', first.toUpperCase() + '0', `${first}0`]) {
      await expect(notes(runtime).restore(text)).rejects.toThrow(`"${text}" is not a bookmark.`);
    }
    const later = first.replace(/^.{8}/, 'ffffffff');
    await expect(notes(runtime).restore(later)).rejects.toThrow(
      `The bookmark is not retained: those from ${'0'.repeat(8)}-`,
    );
    expect((await notes(runtime).read()).entries).toEqual({ k: 1 });
  });

  test('S4.13.3 the alarm stays as it is', async () => {
    const runtime = await start();
    const first = await notes(runtime).write('k', 1);
    const time = Date.now() + 3_600_000;
    await notes(runtime).setAlarm(time);
    await notes(runtime).write('k', 2);
    await restoreNow(runtime, first);
    expect((await notes(runtime).read()).entries).toEqual({ k: 1 });
    expect(await notes(runtime).getAlarm()).toBe(time);
  });

  test('S4.13.6 an object takes on a snapshot of another, and the other one goes on', async () => {
    const runtime = await start();
    const copy = runtime.env.NOTES.getByName('copy');
    const first = await notes(runtime).write('k', 1);
    await notes(runtime).write('k', 2);
    const now = await notes(runtime).snapshot();
    const then = await notes(runtime).snapshot(first);
    expect(Object.prototype.toString.call(now)).toBe('[object DurableObjectSnapshot]');
    expect(Object.keys(now)).toEqual([]);
    await notes(runtime).write('k', 3);
    await copy.write('own', 1);
    const takeOn = async (/** @type {any} */ snapshot) => {
      const undo = await runtime.env.NOTES.getByName('copy').takeOn(snapshot);
      await expect(runtime.env.NOTES.getByName('copy').abort()).rejects.toThrow('restore');
      return undo;
    };
    const undo = await takeOn(now);
    expect(undo).toMatch(kBookmark);
    const read = () => runtime.env.NOTES.getByName('copy').read();
    expect(await read()).toEqual(state({ k: 2 }, 'k=1', 'k=2'));
    await takeOn(then);
    expect(await read()).toEqual(state({ k: 1 }, 'k=1'));
    expect((await notes(runtime).read()).entries).toEqual({ k: 3 });
    await runtime.env.NOTES.getByName('copy').restore(undo);
    await expect(runtime.env.NOTES.getByName('copy').abort()).rejects.toThrow('restore');
    expect(await read()).toEqual(state({ own: 1 }, 'own=1'));
  });

  test('S4.13.6 what is no snapshot, and where one cannot be put', async () => {
    const runtime = await start();
    const first = await notes(runtime).write('k', 1);
    for (const value of [undefined, null, 'x', {}, first]) {
      await expect(notes(runtime).takeOn(value)).rejects.toThrow(
        "parameter 1 is not of type 'DurableObjectSnapshot'.",
      );
    }
    await expect(notes(runtime).snapshot('x')).rejects.toThrow('"x" is not a bookmark.');
    const later = await notes(runtime).snapshot(first.replace(/^.{8}/, 'ffffffff'));
    await expect(notes(runtime).takeOn(later)).rejects.toThrow('The bookmark is not retained');
    await expect(notes(runtime).store(await notes(runtime).snapshot())).rejects.toThrow(
      'Could not serialize object of type "DurableObjectSnapshot".',
    );
    const without = await start({ retentionMs: 0 });
    await expect(notes(without).snapshot()).rejects.toThrow(kUnsupported);
    await expect(notes(without).takeOn(later)).rejects.toThrow(kUnsupported);
  });

  test('in a transaction a bookmark is the state before it', async () => {
    const runtime = await start();
    const before = await notes(runtime).write('k', 1);
    const [inside, after] = await notes(runtime).inTransaction();
    expect(inside).toBe(before);
    expect(after > before).toBe(true);
  });

  test('the last of several restores counts, and other objects are left alone', async () => {
    const runtime = await start();
    const other = runtime.env.NOTES.getByName('b');
    const first = await notes(runtime).write('k', 1);
    const second = await notes(runtime).write('k', 2);
    await other.write('k', 'other');
    await notes(runtime).write('k', 3);
    await Promise.all([notes(runtime).restore(first), notes(runtime).restore(first)]);
    await restoreNow(runtime, second);
    expect((await notes(runtime).read()).entries).toEqual({ k: 2 });
    expect((await other.read()).entries).toEqual({ k: 'other' });
  });

  test('closing while a restore is built', async () => {
    const runtime = await start();
    const first = await notes(runtime).write('k', 1);
    const asked = notes(runtime).restore(first);
    const settled = asked.catch(() => {});
    await runtime.close();
    await settled;
  });

  test('S4.13.5 legacy classes refuse', async () => {
    const directory = makeProject({
      'wrangler.json': JSON.stringify({
        name: 'legacy',
        main: 'worker.mjs',
        compatibility_date: '2026-01-01',
        durable_objects: { bindings: [{ name: 'OLD', class_name: 'Old' }] },
        migrations: [{ tag: 'v1', new_classes: ['Old'] }],
      }),
      'worker.mjs': `
        import { DurableObject } from 'cloudflare:workers';
        export class Old extends DurableObject {
          call(name, ...args) { return this.ctx.storage[name](...args); }
        }
        export default { fetch() { return new Response(''); } };`,
    });
    const runtime = await createRuntime({
      config: directory,
      dataDir: makeDirectory(),
      retentionMs: 1000,
    });
    cleanUp.push(() => runtime.close());
    const old = runtime.env.OLD.getByName('a');
    await expect(old.call('getCurrentBookmark')).rejects.toThrow(kUnsupported);
    await expect(old.call('getBookmarkForTime', 0)).rejects.toThrow(kUnsupported);
    await expect(old.call('onNextSessionRestoreBookmark', 'x')).rejects.toThrow(kUnsupported);
  });
});

test('S4.13.4 without history a bookmark is a counter, and nothing is restored', async () => {
  for (const options of [{ retentionMs: 0 }, { retentionMs: undefined, dataDir: undefined }]) {
    const runtime = await start(options);
    const first = await notes(runtime).current();
    expect(first).toBe(`00000000-00000000-00000000-${'0'.repeat(32)}`);
    expect((await notes(runtime).current()) > first).toBe(true);
    await expect(notes(runtime).forTime(0)).rejects.toThrow(new Error(kUnsupported));
    await expect(notes(runtime).restore(first)).rejects.toThrow(new Error(kUnsupported));
  }
});

/** @returns {Promise<number>} a time that was not there when it was called */
async function nextMillisecond() {
  const before = Date.now();
  while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
  return Date.now();
}
