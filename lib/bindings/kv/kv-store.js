'use strict';
// KvStore: the data of one KV namespace.
//
// Keys are bytes (UTF-8), so that order and prefixes are comparisons of bytes whatever a key contains. Times are milliseconds of the
// epoch. An entry that has expired is as if it were not there; it is deleted when it is met, and a few with each put.

const { BlobStore } = require('../blobs');
const { prefixEnd } = require('../prefix-end');
const { time } = require('../../time');

const kSchema = `
CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, blob INTEGER NOT NULL, expiration INTEGER, metadata TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_expiration ON entries (expiration) WHERE expiration IS NOT NULL;
`;
/** Expired entries that one put deletes. */
const kSweepMax = 10;

class KvStore extends BlobStore {
  #sql;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(kSchema);
  }

  /** @param {Uint8Array} key @returns {{value: Uint8Array, metadata: string | null} | null} */
  get(key) {
    const query = 'SELECT blob, expiration, metadata FROM entries WHERE key = ?';
    const [row] = this.#sql.exec(query, key).toArray();
    if (row === undefined) return null;
    if (row.expiration !== null && row.expiration <= time.now()) {
      this.delete(key);
      return null;
    }
    return { value: this.blobs.get(row.blob), metadata: row.metadata };
  }

  /**
   * @param {Uint8Array} key
   * @param {Uint8Array} value
   * @param {number | null} expiration
   * @param {string | null} metadata JSON
   */
  put(key, value, expiration, metadata) {
    const query = 'SELECT key FROM entries WHERE expiration <= ? LIMIT ?';
    for (const { key: old } of this.#sql.exec(query, time.now(), kSweepMax).toArray())
      this.delete(old);
    this.delete(key);
    this.#sql.exec(
      'INSERT INTO entries (key, blob, expiration, metadata) VALUES (?, ?, ?, ?)',
      key,
      this.blobs.put(value),
      expiration,
      metadata,
    );
  }

  /** @param {Uint8Array | ArrayBuffer} key */
  delete(key) {
    const query = 'DELETE FROM entries WHERE key = ? RETURNING blob';
    for (const { blob } of this.#sql.exec(query, key).toArray()) this.blobs.delete(blob);
  }

  /**
   * @param {Uint8Array} prefix
   * @param {Uint8Array} after the last key of the page before; empty: none
   * @param {number} limit
   * @returns {{name: Uint8Array, expiration: number | null, metadata: string | null}[]} in the order of the keys' bytes
   */
  list(prefix, after, limit) {
    const end = prefixEnd(prefix);
    const query = `SELECT key AS name, expiration, metadata FROM entries
      WHERE key >= ? AND key > ? ${end === null ? '' : 'AND key < ?'} AND (expiration IS NULL OR expiration > ?)
      ORDER BY key LIMIT ?`;
    const bounds = end === null ? [prefix, after] : [prefix, after, end];
    return this.#sql.exec(query, ...bounds, time.now(), limit).toArray();
  }
}

module.exports = { KvStore };
