'use strict';
// Uploads: the uploads of a bucket that come in parts.
//
// Happy path: create(), putPart() in any order and as often as wanted, complete() makes one value of the parts it is given.
// An upload that is over is remembered: its parts are refused as those of one that was there.

const { createHash, randomBytes } = require('node:crypto');
const { checkPartSizes } = require('./r2-checks');
const { refusal } = require('./r2-errors');

const kSchema = `
CREATE TABLE IF NOT EXISTS uploads (
  id TEXT PRIMARY KEY, key BLOB NOT NULL, http TEXT NOT NULL, custom TEXT NOT NULL, is_over INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload_parts (
  upload TEXT NOT NULL, number INTEGER NOT NULL, blob INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, md5 TEXT NOT NULL,
  PRIMARY KEY (upload, number)
) WITHOUT ROWID;
`;
const kIdBytes = 128;

class Uploads {
  #sql;
  #blobs;

  /** @param {any} sql @param {import('../blobs').Blobs} blobs */
  constructor(sql, blobs) {
    this.#sql = sql;
    this.#blobs = blobs;
    sql.exec(kSchema);
  }

  /** @param {string} key @param {object} http @param {object} custom @returns {string} the id */
  create(key, http, custom) {
    const id = randomId();
    this.#sql.exec(
      'INSERT INTO uploads (id, key, http, custom) VALUES (?, ?, ?, ?)',
      ...[id, new TextEncoder().encode(key), JSON.stringify(http), JSON.stringify(custom)],
    );
    return id;
  }

  /** @param {string} key @param {string} id */
  checkOpen(key, id) {
    const upload = this.#find(key, id);
    if (upload === undefined || upload.is_over) throw refusal('noUpload');
  }

  /**
   * The upload is open.
   * @param {string} id
   * @param {number} number
   * @param {{blob: number, size: number, md5: string}} part
   * @returns {string} its etag
   */
  putPart(id, number, { blob, size, md5 }) {
    const query = 'DELETE FROM upload_parts WHERE upload = ? AND number = ? RETURNING blob';
    for (const old of this.#sql.exec(query, id, number).toArray()) this.#blobs.delete(old.blob);
    const etag = randomId();
    this.#sql.exec(
      'INSERT INTO upload_parts (upload, number, blob, size, etag, md5) VALUES (?, ?, ?, ?, ?, ?)',
      ...[id, number, blob, size, etag, md5],
    );
    return etag;
  }

  /**
   * @param {string} key
   * @param {string} id
   * @param {{number: number, etag: string}[]} chosen
   * @returns {{size: number, etag: string, http: object, custom: Record<string, string>, pieces: import('./r2-store').Piece[]}}
   */
  complete(key, id, chosen) {
    const upload = this.#known(key, id);
    if (upload.is_over) throw refusal('noUpload');
    if (new Set(chosen.map(({ number }) => number)).size < chosen.length) throw refusal('internal');
    const query = 'SELECT number, blob, size, etag, md5 FROM upload_parts WHERE upload = ?';
    const stored = new Map(
      this.#sql
        .exec(query, id)
        .toArray()
        .map((/** @type {any} */ row) => [row.number, row]),
    );
    const parts = chosen.map(({ number, etag }) => {
      const part = stored.get(number);
      if (part?.etag !== etag) throw refusal('noPart');
      return part;
    });
    checkPartSizes(parts);
    parts.sort((a, b) => a.number - b.number);
    const used = new Set(parts);
    this.#end(id, (row) => !used.has(stored.get(row.number)));
    return {
      size: parts.reduce((sum, part) => sum + part.size, 0),
      etag: etagOf(parts.map(({ md5 }) => md5)),
      http: JSON.parse(upload.http),
      custom: JSON.parse(upload.custom),
      pieces: parts.map(({ blob, size }) => ({ blob, size })),
    };
  }

  /** @param {string} key @param {string} id */
  abort(key, id) {
    if (!this.#known(key, id).is_over) this.#end(id, () => true);
  }

  /** @param {string} id @param {(row: {number: number}) => boolean} isUnused */
  #end(id, isUnused) {
    const query = 'DELETE FROM upload_parts WHERE upload = ? RETURNING number, blob';
    for (const row of this.#sql.exec(query, id).toArray())
      if (isUnused(row)) this.#blobs.delete(row.blob);
    this.#sql.exec('UPDATE uploads SET is_over = 1 WHERE id = ?', id);
  }

  /** @param {string} key @param {string} id */
  #known(key, id) {
    const upload = this.#find(key, id);
    if (upload === undefined) throw refusal('internal');
    return upload;
  }

  /** @param {string} key @param {string} id */
  #find(key, id) {
    const query = 'SELECT http, custom, is_over FROM uploads WHERE id = ? AND key = ?';
    return this.#sql.exec(query, id, new TextEncoder().encode(key)).toArray()[0];
  }
}

const randomId = () => randomBytes(kIdBytes).toString('base64url');

/** @param {string[]} sums MD5 of the parts */
function etagOf(sums) {
  const hash = createHash('md5');
  for (const sum of sums) hash.update(sum, 'hex');
  return `${hash.digest('hex')}-${sums.length}`;
}

module.exports = { Uploads };
