'use strict';
// Blobs: values of any length in a store's database, in parts, because a row has a limit (spec S4.10).
//
// A blob is written part by part, perhaps in several turns, and belongs to a row of the store once that names it. What a crash left
// without a row goes at the next start.

/** Bytes of a part; the last may be shorter. */
const kPartBytes = 1024 * 1024;

class Blobs {
  #sql;
  #next;

  /**
   * @param {any} sql `ctx.storage.sql`
   * @param {string} used a query that gives the id of each blob a row names
   */
  constructor(sql, used) {
    this.#sql = sql;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS parts (blob INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (blob, part))',
    );
    const [{ last }] = sql.exec('SELECT coalesce(max(blob), 0) AS last FROM parts').toArray();
    this.#next = last + 1;
    const orphans = `SELECT DISTINCT blob FROM parts WHERE blob NOT IN (${used})`;
    for (const { blob } of sql.exec(orphans).toArray()) this.delete(blob);
  }

  /** @returns {number} the id of a new blob */
  create() {
    this.#next += 1;
    return this.#next - 1;
  }

  /** @param {Uint8Array} bytes @returns {number} the id */
  put(bytes) {
    const blob = this.create();
    for (let part = 0, at = 0; part === 0 || at < bytes.byteLength; part += 1, at += kPartBytes)
      this.putPart(blob, part, bytes.subarray(at, at + kPartBytes));
    return blob;
  }

  /** @param {number} blob @param {number} part from 0 @param {Uint8Array} bytes kPartBytes but for the last */
  putPart(blob, part, bytes) {
    this.#sql.exec('INSERT INTO parts (blob, part, data) VALUES (?, ?, ?)', blob, part, bytes);
  }

  /** @param {number} blob @param {number} part @returns {Uint8Array | undefined} */
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
    return new Uint8Array(
      Buffer.concat(rows.map((/** @type {any} */ { data }) => new Uint8Array(data))),
    );
  }

  /** @param {number} blob */
  delete(blob) {
    this.#sql.exec('DELETE FROM parts WHERE blob = ?', blob);
  }
}

module.exports = { Blobs, kPartBytes };
