'use strict';
// R2Store: the objects of one bucket.
//
// Keys are bytes (UTF-8), so that order and prefixes are comparisons of bytes. A value is a list of blobs: one, or the parts of an
// upload, in order. It is written while it arrives and becomes the object in the turn that knows all of it: until then readers find
// the one before, and who has begun to read that one reads it to its end.

const { randomBytes } = require('node:crypto');
const { toRange } = require('../byte-range');
const { BlobStore, kPartBytes } = require('../blobs');
const { RunningSums } = require('./r2-checksums');
const { areMet } = require('./r2-conditions');
const { refusal } = require('./r2-errors');
const { listObjects } = require('./r2-list');
const { Uploads } = require('./r2-uploads');
const { time } = require('../../time');

const kSchema = `
CREATE TABLE IF NOT EXISTS objects (
  key BLOB PRIMARY KEY, version TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, uploaded INTEGER NOT NULL,
  checksums TEXT NOT NULL, http TEXT NOT NULL, custom TEXT NOT NULL, pieces TEXT NOT NULL
) WITHOUT ROWID;
`;

/**
 * @typedef {import('./r2-object').Description} Description
 * @typedef {{blob: number, size: number}} Piece
 * @typedef {{opened: import('../blob-stream').Opened, start: number, end: number}} OpenPiece
 */

class R2Store extends BlobStore {
  #sql;
  #uploads;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(kSchema);
    this.#uploads = new Uploads(ctx.storage.sql, this.blobs);
  }

  /** @param {string} key @returns {Description | null} */
  head(key) {
    const row = this.#row(key);
    return row === undefined ? null : { ...described(row), range: { offset: 0, length: row.size } };
  }

  /**
   * @param {string} key
   * @param {{conditions?: import('./r2-conditions').Conditions, range?: import('./r2-options').RangeOption}} options
   * @returns {{description: Description, opened?: OpenPiece[]} | null} without `opened`: a condition is not met
   */
  get(key, { conditions, range }) {
    const row = this.#row(key);
    if (row === undefined) return null;
    const description = described(row);
    const whole = { offset: 0, length: row.size };
    if (conditions !== undefined && !areMet(conditions, row))
      return { description: { ...description, range: whole } };
    const chosen = chosenRange(range, row.size) ?? whole;
    const opened = this.#open(JSON.parse(row.pieces), chosen);
    return { description: { ...description, range: chosen }, opened };
  }

  /** @param {Piece[]} pieces @param {{offset: number, length: number}} range @returns {OpenPiece[]} */
  #open(pieces, { offset, length }) {
    const opened = [];
    let at = 0;
    for (const { blob, size } of pieces) {
      const start = Math.max(offset - at, 0);
      const end = Math.min(offset + length - at, size);
      if (start < end) opened.push({ opened: this.opened(blob, size), start, end });
      at += size;
    }
    return opened;
  }

  /**
   * @param {string} key
   * @param {import('./r2-value').Source} source
   * @param {ReturnType<typeof import('./r2-options').putOptions>} options
   * @returns {Promise<Description | null>} null: a condition is not met
   */
  put(key, source, options) {
    return this.#swept(() => this.#put(key, source, options));
  }

  /**
   * @param {string} key
   * @param {import('./r2-value').Source} source
   * @param {ReturnType<typeof import('./r2-options').putOptions>} options
   * @returns {Promise<Description | null>}
   */
  async #put(key, source, { http, custom, conditions, sums }) {
    const taken = await this.#take(source, sums);
    const { size, md5, checked } = taken;
    if (conditions !== undefined && !areMet(conditions, this.#row(key))) {
      taken.drop();
      return null;
    }
    const pieces = [{ blob: taken.keep(), size }];
    return this.#replace(key, { size, etag: md5, checksums: checked, http, custom }, pieces);
  }

  /**
   * Reads a value to its end. A short one is not written before keep().
   * @param {import('./r2-value').Source} source
   * @param {import('./r2-checksums').Sums} given
   */
  async #take({ chunks, size: expected, bytes }, given) {
    const running = new RunningSums(given);
    if (bytes !== undefined && expected <= kPartBytes) {
      running.add(bytes);
      const keep = () => this.blobs.put(bytes);
      return { ...running.end(), size: expected, keep, drop: () => {} };
    }
    const { blob, size } = await this.blobs.write(chunks, (chunk) => running.add(chunk));
    const drop = () => this.blobs.delete(blob);
    const keep = () => {
      this.blobs.keep(blob);
      return blob;
    };
    try {
      return { ...running.end(), size, keep, drop };
    } catch (error) {
      drop();
      throw error;
    }
  }

  /**
   * @param {string} key
   * @param {Omit<Description, 'key' | 'version' | 'uploaded'>} object
   * @param {Piece[]} pieces
   * @returns {Description}
   */
  #replace(key, { size, etag, checksums, http, custom }, pieces) {
    this.#delete([key]);
    const version = randomBytes(16).toString('hex');
    const row = { version, size, etag, uploaded: time.now(), checksums: JSON.stringify(checksums) };
    this.#sql.exec(
      'INSERT INTO objects (version, size, etag, uploaded, checksums, key, http, custom, pieces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...Object.values(row),
      bytesOf(key),
      ...[http, custom, pieces].map((value) => JSON.stringify(value)),
    );
    return { ...described({ ...row, key: bytesOf(key), http: '{}', custom: '{}' }), http, custom };
  }

  /** @param {string[]} keys @returns {Promise<void>} */
  delete(keys) {
    return this.#swept(() => this.#delete(keys));
  }

  /** @param {string[]} keys */
  #delete(keys) {
    const query = 'DELETE FROM objects WHERE key = ? RETURNING pieces';
    for (const key of keys) {
      for (const { pieces } of this.#sql.exec(query, bytesOf(key)).toArray())
        for (const { blob } of JSON.parse(pieces)) this.blobs.delete(blob);
    }
  }

  /** @param {import('./r2-list').ListRequest} request */
  list(request) {
    const { include } = request;
    const { rows, delimitedPrefixes, cursor } = listObjects(this.#sql, request);
    const objects = rows.map((row) => {
      const { http, custom, ...rest } = described(row);
      return {
        ...rest,
        http: include.includes('httpMetadata') ? http : {},
        custom: include.includes('customMetadata') ? custom : {},
      };
    });
    return { objects, delimitedPrefixes, cursor };
  }

  /** @param {string} key @param {object} http @param {object} custom @returns {string} its id */
  createUpload(key, http, custom) {
    return this.#uploads.create(key, http, custom);
  }

  /** @param {string} key @param {string} id @param {number} number @param {import('./r2-value').Source} source @returns {Promise<string>} its etag */
  uploadPart(key, id, number, source) {
    return this.#swept(() => this.#uploadPart(key, id, number, source));
  }

  /** @param {string} key @param {string} id @param {number} number @param {import('./r2-value').Source} source */
  async #uploadPart(key, id, number, source) {
    this.#uploads.checkOpen(key, id);
    const taken = await this.#take(source, {});
    try {
      this.#uploads.checkOpen(key, id);
    } catch (error) {
      taken.drop();
      throw error;
    }
    return this.#uploads.putPart(id, number, {
      blob: taken.keep(),
      size: taken.size,
      md5: taken.md5,
    });
  }

  /** @param {string} key @param {string} id @param {{number: number, etag: string}[]} parts @returns {Promise<Description>} */
  completeUpload(key, id, parts) {
    return this.#swept(() => {
      const { pieces, ...object } = this.#uploads.complete(key, id, parts);
      return this.#replace(key, { ...object, checksums: {} }, pieces);
    });
  }

  /** @param {string} key @param {string} id @returns {Promise<void>} */
  abortUpload(key, id) {
    return this.#swept(() => this.#uploads.abort(key, id));
  }

  /**
   * Is done when the parts that nobody needs any more are gone, too.
   * @template T
   * @param {() => T | Promise<T>} run
   * @returns {Promise<T>}
   */
  async #swept(run) {
    try {
      return await run();
    } finally {
      await this.blobs.swept();
    }
  }

  /** @param {string} key */
  #row(key) {
    return this.#sql.exec('SELECT * FROM objects WHERE key = ?', bytesOf(key)).toArray()[0];
  }
}

/** @param {string} key */
const bytesOf = (key) => new TextEncoder().encode(key);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** @param {any} row @returns {Description} */
function described({ key, version, size, etag, uploaded, checksums, http, custom }) {
  const sums = JSON.parse(checksums);
  // The etag of a value that came whole is its MD5.
  const all = /^[0-9a-f]{32}$/.test(etag) ? { md5: etag, ...sums } : sums;
  return {
    key: decoder.decode(key),
    ...{ version, size, etag, uploaded, checksums: all },
    ...{ http: JSON.parse(http), custom: JSON.parse(custom) },
  };
}

/**
 * @param {import('./r2-options').RangeOption | undefined} option
 * @param {number} size
 * @returns {{offset: number, length: number} | undefined} undefined: the whole
 */
function chosenRange(option, size) {
  if (option === undefined) return undefined;
  if (typeof option === 'string') {
    const range = toRange(option, size);
    return typeof range === 'string'
      ? undefined
      : { offset: range.start, length: range.end - range.start };
  }
  const suffix = option.suffix === undefined ? undefined : Math.min(option.suffix, size);
  const offset = suffix === undefined ? (option.offset ?? 0) : size - suffix;
  const length = suffix ?? option.length ?? size - offset;
  if (suffix === 0 || offset > size || length <= 0) throw refusal('range');
  return { offset, length: Math.min(length, size - offset) };
}

module.exports = { R2Store };
