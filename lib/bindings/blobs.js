'use strict';
// Blobs: values of any length in a store's database, in parts, because a row has a limit (spec S4.10).
//
// Happy path: put() writes a short value in the turn of its row. A long one comes as a stream and is written by write(), a part in
// each turn; keep() makes it a value when its row is written. A blob that is being read is pinned: when its row goes, its parts stay
// until the last reader is done. The parts of a long blob go one in each turn, too (sweep()).
// What a crash leaves behind (written or removed in part, or kept for a reader only) stands in `pending` and goes at the next start.

const { DurableObject } = require('../workers/durable-object');
const { loopTurn } = require('./loop-turn');

/** Bytes of a part; the last may be shorter. */
const kPartBytes = 1024 * 1024;
/** Parts of one write that may wait for the disk; the source is not read further, or it would fill the queue of the log. */
const kUnsyncedParts = 8;

const kSchema = `
CREATE TABLE IF NOT EXISTS parts (blob INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (blob, part));
CREATE TABLE IF NOT EXISTS pending (blob INTEGER PRIMARY KEY);
`;

class Blobs {
  #sql;
  /** Waits until what was written is on the disk. */
  #sync;
  #next;
  /** @type {Map<number, number>} readers by blob */
  #pins = new Map();
  /** The end of what is being removed. */
  #sweeps = Promise.resolve();

  /** @param {any} storage `ctx.storage` */
  constructor(storage) {
    const { sql } = storage;
    this.#sql = sql;
    this.#sync = () => storage.sync();
    sql.exec(kSchema);
    const [{ last }] = sql.exec('SELECT coalesce(max(blob), 0) AS last FROM parts').toArray();
    this.#next = last + 1;
    for (const { blob } of sql.exec('SELECT blob FROM pending').toArray()) this.#remove(blob);
  }

  /** @param {Uint8Array} bytes @returns {number} the blob; its row must be written in the same turn */
  put(bytes) {
    const blob = this.#create();
    for (let part = 0, at = 0; part === 0 || at < bytes.byteLength; part += 1, at += kPartBytes)
      this.#putPart(blob, part, bytes.subarray(at, at + kPartBytes));
    return blob;
  }

  /**
   * @param {AsyncIterable<Uint8Array>} chunks
   * @param {(chunk: Uint8Array) => void} see every chunk, in order; what it throws ends the write
   * @returns {Promise<{blob: number, size: number}>} keep() must follow
   */
  async write(chunks, see) {
    const blob = this.#create();
    this.#sql.exec('INSERT INTO pending (blob) VALUES (?)', blob);
    const parts = new PartList();
    let size = 0;
    let part = 0;
    try {
      for await (const chunk of inPieces(chunks)) {
        see(chunk);
        size += chunk.byteLength;
        parts.add(chunk);
        if (parts.length < kPartBytes) continue;
        this.#putPart(blob, part, parts.take(kPartBytes));
        part += 1;
        if (part % kUnsyncedParts === 0) await this.#sync();
        await loopTurn();
      }
      if (parts.length > 0 || part === 0) this.#putPart(blob, part, parts.take(parts.length));
    } catch (error) {
      this.#remove(blob);
      await this.swept();
      throw error;
    }
    return { blob, size };
  }

  /** A row names it now. @param {number} blob */
  keep(blob) {
    this.#sql.exec('DELETE FROM pending WHERE blob = ?', blob);
  }

  /** @param {number} blob @param {number} part from 0 @returns {Uint8Array | undefined} */
  part(blob, part) {
    const query = 'SELECT data FROM parts WHERE blob = ? AND part = ?';
    const [row] = this.#sql.exec(query, blob, part).toArray();
    return row && new Uint8Array(row.data);
  }

  /** The whole. @param {number} blob @returns {Uint8Array} */
  get(blob) {
    const query = 'SELECT data FROM parts WHERE blob = ? ORDER BY part';
    const rows = this.#sql.exec(query, blob).toArray();
    if (rows.length === 1) return new Uint8Array(rows[0].data);
    const parts = rows.map((/** @type {any} */ { data }) => new Uint8Array(data));
    return new Uint8Array(Buffer.concat(parts));
  }

  /** No row names it any more. @param {number} blob */
  delete(blob) {
    if (this.#pins.has(blob))
      this.#sql.exec('INSERT OR IGNORE INTO pending (blob) VALUES (?)', blob);
    else this.#remove(blob);
  }

  /** @param {number} blob */
  pin(blob) {
    this.#pins.set(blob, (this.#pins.get(blob) ?? 0) + 1);
  }

  /** @param {number} blob */
  unpin(blob) {
    const readers = (this.#pins.get(blob) ?? 0) - 1;
    if (readers > 0) {
      this.#pins.set(blob, readers);
      return;
    }
    this.#pins.delete(blob);
    const isDoomed = this.#sql.exec('SELECT blob FROM pending WHERE blob = ?', blob).toArray();
    if (isDoomed.length > 0) this.#remove(blob);
  }

  /** When the parts of all that was deleted are gone, but for what is being read. @returns {Promise<void>} */
  swept() {
    return this.#sweeps;
  }

  #create() {
    this.#next += 1;
    return this.#next - 1;
  }

  /** @param {number} blob @param {number} part @param {Uint8Array} bytes */
  #putPart(blob, part, bytes) {
    this.#sql.exec('INSERT INTO parts (blob, part, data) VALUES (?, ?, ?)', blob, part, bytes);
  }

  /** A long one in several turns: until the last of them it stands in `pending`. @param {number} blob */
  #remove(blob) {
    const query = 'SELECT coalesce(max(part), 0) AS last FROM parts WHERE blob = ?';
    const [{ last }] = this.#sql.exec(query, blob).toArray();
    if (last === 0) {
      this.#removeRest(blob);
      return;
    }
    this.#sql.exec('INSERT OR IGNORE INTO pending (blob) VALUES (?)', blob);
    // The object may end before that is done: the next start goes on.
    this.#sweeps = this.#sweeps.then(() => this.#sweep(blob, last)).catch(() => {});
  }

  /** @param {number} blob @param {number} last part of it */
  async #sweep(blob, last) {
    for (let part = last; part > 0; part -= 1) {
      await loopTurn();
      this.#sql.exec('DELETE FROM parts WHERE blob = ? AND part = ?', blob, part);
    }
    this.#removeRest(blob);
  }

  /** @param {number} blob */
  #removeRest(blob) {
    this.#sql.exec('DELETE FROM parts WHERE blob = ?', blob);
    this.#sql.exec('DELETE FROM pending WHERE blob = ?', blob);
  }
}

/** Without long ones: each is looked at and written in one go. @param {AsyncIterable<Uint8Array>} chunks */
async function* inPieces(chunks) {
  for await (const chunk of chunks)
    for (let at = 0; at === 0 || at < chunk.byteLength; at += kPartBytes)
      yield chunk.subarray(at, at + kPartBytes);
}

/** Chunks in order, to be taken in other lengths: each byte is copied once. */
class PartList {
  /** @type {Uint8Array[]} */
  #chunks = [];
  length = 0;

  /** @param {Uint8Array} chunk */
  add(chunk) {
    this.#chunks.push(chunk);
    this.length += chunk.byteLength;
  }

  /** @param {number} length no more than there is @returns {Uint8Array} */
  take(length) {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = length < all.byteLength ? [all.subarray(length)] : [];
    this.length = all.byteLength - length;
    return all.subarray(0, length);
  }
}

/** A store whose blobs can be read part by part (blob-stream.js). */
class BlobStore extends DurableObject {
  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.blobs = new Blobs(ctx.storage);
  }

  /**
   * What blob-stream.js reads: the bytes themselves when they are few.
   * @param {number} blob
   * @param {number} size
   */
  opened(blob, size) {
    if (size <= kPartBytes) return { bytes: this.blobs.get(blob), size };
    this.blobs.pin(blob);
    return { blob, size };
  }

  /** @param {number} blob @param {number} part */
  part(blob, part) {
    return this.blobs.part(blob, part);
  }

  /** @param {number} blob */
  async unpin(blob) {
    this.blobs.unpin(blob);
    await this.blobs.swept();
  }
}

module.exports = { Blobs, BlobStore, kPartBytes };
