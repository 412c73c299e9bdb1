'use strict';
// CacheStore: the responses of one cache (spec S9.2). An entry that has expired is as if it were not there.

const { BlobStore } = require('../blobs');
const { time } = require('../../time');

const kSchema = `
CREATE TABLE IF NOT EXISTS responses (
  url TEXT PRIMARY KEY, blob INTEGER NOT NULL, size INTEGER NOT NULL, expiration INTEGER NOT NULL, head TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_expiration ON responses (expiration);
`;
/** Expired responses that one put deletes. */
const kSweepMax = 10;

class CacheStore extends BlobStore {
  #sql;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(kSchema);
  }

  /** @param {string} url @returns {{head: string, opened: import('../blob-stream').Opened} | undefined} */
  match(url) {
    const query = 'SELECT blob, size, head FROM responses WHERE url = ? AND expiration > ?';
    const [row] = this.#sql.exec(query, url, time.now()).toArray();
    return row && { head: row.head, opened: this.opened(row.blob, row.size) };
  }

  /**
   * @param {string} url
   * @param {string} head JSON
   * @param {AsyncIterable<Uint8Array>} body
   * @param {number} expiration milliseconds of the epoch
   */
  async put(url, head, body, expiration) {
    const { blob, size } = await this.blobs.write(body, () => {});
    const expired = 'SELECT url FROM responses WHERE expiration <= ? LIMIT ?';
    for (const row of this.#sql.exec(expired, time.now(), kSweepMax).toArray())
      this.delete(row.url);
    this.delete(url);
    this.#sql.exec(
      'INSERT INTO responses (url, blob, size, expiration, head) VALUES (?, ?, ?, ?, ?)',
      ...[url, blob, size, expiration, head],
    );
    this.blobs.keep(blob);
  }

  /** @param {string} url @returns {boolean} whether it was there */
  delete(url) {
    const query = 'DELETE FROM responses WHERE url = ? RETURNING blob, expiration';
    const [row] = this.#sql.exec(query, url).toArray();
    if (row === undefined) return false;
    this.blobs.delete(row.blob);
    return row.expiration > time.now();
  }
}

module.exports = { CacheStore };
