// Values of any length in a store: whole at every length, read while they are replaced, gone when nothing names them.
'use strict';

const { BlobStore, kPartBytes } = require('../../../lib/bindings/blobs');
const { blobStream } = require('../../../lib/bindings/blob-stream');
const { storeOf } = require('../../../lib/bindings/store');
const { Shard } = require('../../../lib/shard');
const { temporaryDirectory } = require('../../support/server');

/** Which turn of the event loop this is, while a test counts them. */
let turn = 0;
/** Those in which parts were written, read and removed. @type {Record<string, number[]>} */
let turns = {};

class Shelf extends BlobStore {
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (/** @type {string} */ query, /** @type {any[]} */ ...args) => {
      if (/\bparts\b/.test(query) && /\bpart\b(?!\))/.test(query))
        turns[query.slice(0, 6)]?.push(turn);
      return exec(query, ...args);
    };
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (blob INTEGER, size INTEGER)');
  }
  /** @param {Uint8Array} bytes */
  put(bytes) {
    this.#insert(this.blobs.put(bytes), bytes.byteLength);
  }
  /** @param {AsyncIterable<Uint8Array>} chunks @param {(chunk: Uint8Array) => void} [see] */
  async write(chunks, see = () => {}) {
    const { blob, size } = await this.blobs.write(chunks, see);
    this.#insert(blob, size);
    this.blobs.keep(blob);
  }
  /** @param {number} blob @param {number} size */
  #insert(blob, size) {
    const sql = this.ctx.storage.sql;
    for (const row of sql.exec('DELETE FROM rows RETURNING blob').toArray())
      this.blobs.delete(row.blob);
    sql.exec('INSERT INTO rows VALUES (?, ?)', blob, size);
  }
  open() {
    const { blob, size } = this.ctx.storage.sql.exec('SELECT * FROM rows').one();
    return this.opened(blob, size);
  }
  async counts() {
    await this.blobs.swept();
    const count = (/** @type {string} */ table) =>
      this.ctx.storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n;
    return [count('parts'), count('pending')];
  }
}

/** @type {Shard} */
let shard;
/** @param {string} [dataDir] */
function start(dataDir) {
  shard = new Shard({ dataDir });
  const store = storeOf(shard, 'shelf', Shelf);
  shard.native.start();
  return (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
    store.call('s', method, ...args);
}
afterEach(() => shard.close());

/** @param {number} length @param {number} seed */
const bytes = (length, seed = 1) => new Uint8Array(length).map((_, i) => (i * 31 + seed) % 251);

/** @param {Uint8Array} all @param {number} size */
async function* chunksOf(all, size) {
  for (let at = 0; at < all.byteLength; at += size) yield all.subarray(at, at + size);
}

/** @param {ReadableStream} stream */
const read = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());

const kLengths = [0, 1, kPartBytes - 1, kPartBytes, kPartBytes + 1, 3 * kPartBytes];

test.each(kLengths)('%d bytes come back, as a whole and in ranges', async (length) => {
  const call = start();
  const value = bytes(length);
  for (const write of [() => call('put', value), () => call('write', chunksOf(value, 700_001))]) {
    await write();
    expect(Buffer.compare(await read(blobStream(call, await call('open'))), value)).toBe(0);
    const [from, to] = [Math.floor(length / 3), Math.ceil((length * 2) / 3)];
    const range = await read(blobStream(call, await call('open'), from, to));
    expect(Buffer.compare(range, value.subarray(from, to))).toBe(0);
    expect(await call('counts')).toEqual([Math.max(1, Math.ceil(length / kPartBytes)), 0]);
  }
});

test('of a long value one part is written, read or removed in a turn of the event loop', async () => {
  const call = start();
  const count = () => {
    turn += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  turns = { INSERT: [], SELECT: [], DELETE: [] };
  try {
    const value = bytes(20 * kPartBytes);
    await call('write', chunksOf(value, value.byteLength));
    await read(blobStream(call, await call('open')));
    await call('put', bytes(1));
    expect(await call('counts')).toEqual([1, 0]);
    expect(turns.INSERT).toHaveLength(21);
    expect(turns.SELECT).toHaveLength(20);
    // The first goes with what says that all are gone.
    expect(turns.DELETE).toHaveLength(19);
    for (const of of [turns.INSERT.slice(0, 20), turns.SELECT, turns.DELETE])
      expect(new Set(of).size).toBe(of.length);
  } finally {
    clearImmediate(counting);
  }
});

test('a value that is replaced while it is read is read to its end, and is gone then', async () => {
  const call = start();
  const value = bytes(3 * kPartBytes);
  await call('put', value);
  const reader = blobStream(call, await call('open')).getReader();
  const parts = [(await reader.read()).value];
  await call('put', bytes(1));
  expect(await call('counts')).toEqual([4, 1]);
  for (let next = await reader.read(); !next.done; next = await reader.read())
    parts.push(next.value);
  expect(Buffer.compare(Buffer.concat(parts), value)).toBe(0);
  expect(await call('counts')).toEqual([1, 0]);
});

test('a reader that stops half-way lets the value go', async () => {
  const call = start();
  await call('put', bytes(2 * kPartBytes));
  const stream = blobStream(call, await call('open'));
  await call('put', bytes(1));
  await stream.cancel();
  expect(await call('counts')).toEqual([1, 0]);
});

test('a write that fails leaves nothing', async () => {
  const call = start();
  const see = () => {
    throw new Error('enough');
  };
  await expect(call('write', chunksOf(bytes(3 * kPartBytes), kPartBytes), see)).rejects.toThrow(
    'enough',
  );
  expect(await call('counts')).toEqual([0, 0]);
});

test('what was written in part, or kept for a reader, is gone after a restart', async () => {
  const dataDir = temporaryDirectory('blobs');
  let call = start(dataDir);
  await call('put', bytes(2 * kPartBytes));
  await call('open');
  await call('put', bytes(1));
  /** @type {(value?: unknown) => void} */
  let reached = () => {};
  const half = new Promise((resolve) => (reached = resolve));
  async function* endless() {
    yield bytes(kPartBytes);
    reached();
    await new Promise(() => {});
  }
  const cut = call('write', endless());
  await half;
  expect((await call('counts'))[1]).toBe(2);
  // Asked for before it happens: close() may take another turn, and then nobody would have handled it.
  const failed = expect(cut).rejects.toThrow('The runtime is closed.');
  await shard.close();
  await failed;
  call = start(dataDir);
  expect(await call('counts')).toEqual([1, 0]);
});
