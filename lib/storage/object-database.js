'use strict';
// ObjectDatabase: one instance's native database: rows by key, SQL, and what a call of either has in common.
//
// It belongs to one incarnation: once the instance is gone every call throws S2.10.3's error, so code that outlives its
// instance can neither read nor write. A critical error resets the object (S4.10.4).

const { endFor } = require('./row-iterators');
const { RowShapes } = require('./row-shapes');
const { serialize, deserialize } = require('./value-codec');
const { StoredStubs } = require('../stored-stubs/stored-stubs');

/** As workerd names what is inside ctx.storage (S2.10.2). */
const kType = 'ActorCacheInterface';
/** How values are written, by the flag. */
const kEnhanced = { enhancedErrors: true };
const kPlain = { enhancedErrors: false };

/** @param {import('../actors/instance').ActorInstance} instance @returns {import('./value-codec').Form} */
function codecOf(instance) {
  const { flags } = instance.namespace;
  const form = flags.enhanced_error_serialization ? kEnhanced : kPlain;
  if (!flags.allow_irrevocable_stub_storage) return form;
  return { ...form, stubs: new StoredStubs(instance.shard, instance) };
}

class ObjectDatabase {
  /** SQLite has rolled everything back (S4.10.4). */
  hasFailed = false;

  /** @param {import('../actors/instance').ActorInstance} instance */
  constructor(instance) {
    this.instance = instance;
    this.native = instance.shard.native;
    /** Of the instance, for native calls. @type {number} */
    this.handle = instance.handle;
    this.cursors = instance.shard.openCursors;
    this.rows = instance.shard.rowCells;
    /**
     * Of the cursor that was used last: rows read, rows written, 1 while there is a row, rows given, its handle, its shape, cells in
     * `rows` that are neither numbers nor short texts, its place in sqlTaken. The same array for all.
     * @type {Float64Array}
     */
    this.sqlState = this.native.sqlState;
    /** @type {Uint32Array} see sqlAhead() */
    this.sqlTaken = this.native.sqlTaken;
    /** The shapes of the rows of this object's queries. */
    this.rowShapes = new RowShapes();
    this.isSqlite = instance.namespace.kind === 'sqlite';
    /** How its values are written and read. @type {import('./value-codec').Form} */
    this.codec = codecOf(instance);
    /** The last step of an iteration over its rows. */
    this.end = endFor(instance.namespace.flags);
    /** Whether what needs the `experimental` flag is there. @type {boolean} */
    this.isExperimental = instance.namespace.flags.experimental;
  }

  /**
   * @template T
   * @param {() => T} call a native one
   * @returns {T}
   */
  run(call) {
    this.instance.checkUse(kType);
    try {
      return call();
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** @param {any} error of a native call @returns {unknown} what to throw; a critical one has reset the object (S4.10.4) */
  #refused(error) {
    if (error.critical === true) {
      delete error.critical;
      this.hasFailed = true;
      this.instance.break(error);
    }
    return error;
  }

  /** As run(), of a call that writes. @template T @param {() => T} call @returns {T} */
  write(call) {
    const result = this.run(call);
    this.instance.shard.wrote(this.instance);
    return result;
  }

  /** @param {string} key @returns {any} the value; undefined: there is none, or it is that */
  kvGet(key) {
    const found = this.#kvRead(key);
    return found instanceof Uint8Array ? deserialize(found, this.codec) : found;
  }

  /** As kvGet, and tells a stored undefined. @param {string} key @returns {{value: any} | undefined} */
  kvFind(key) {
    const found = this.#kvRead(key);
    if (found === undefined) return undefined;
    return { value: found instanceof Uint8Array ? deserialize(found, this.codec) : found };
  }

  // Written out, not through run() and write(): a closure costs as much as the rest of the call.
  /** @param {string} key @returns {any} a primitive value, or bytes */
  #kvRead(key) {
    this.instance.checkUse(kType);
    try {
      return this.native.kvGet(this.handle, key);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** @param {string} key @param {any} value */
  kvPut(key, value) {
    const isPrimitive = typeof value !== 'object' || value === null;
    if (!isPrimitive || !this.#kvPutPrimitive(key, value)) {
      this.kvPutBytes(key, serialize(value, this.codec));
      return;
    }
    this.instance.shard.wrote(this.instance);
  }

  /** @param {string} key @param {Uint8Array} bytes of a value */
  kvPutBytes(key, bytes) {
    this.write(() => this.native.kvPut(this.handle, key, bytes));
  }

  /** @param {string} key @param {any} value @returns {boolean} done */
  #kvPutPrimitive(key, value) {
    this.instance.checkUse(kType);
    try {
      return this.native.kvPutPrimitive(this.handle, key, value);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** @param {string} key @returns {boolean} */
  kvDelete(key) {
    return this.write(() => this.native.kvDelete(this.handle, key));
  }

  /** @param {import('./arguments').Range} range @returns {any[]} key, bytes, key, bytes, ... */
  kvList({ start, startAfter, end, prefix, limit, reverse }) {
    return this.run(() =>
      this.native.kvList(this.handle, start, startAfter, end, prefix, limit, reverse ?? false),
    );
  }

  /** @param {import('./arguments').Range} range @returns {number} */
  kvOpen({ start, startAfter, end, prefix, limit, reverse }) {
    return this.run(() =>
      this.native.kvOpen(this.handle, start, startAfter, end, prefix, limit, reverse ?? false),
    );
  }

  /** @param {number} cursor @returns {[string, Uint8Array] | undefined} */
  kvNext(cursor) {
    return this.run(() => this.native.kvNext(cursor));
  }

  /**
   * Counts, handle and shape of the cursor that is opened: sqlState.
   * @param {string} query
   * @param {any[]} bindings null, numbers, strings, bytes
   * @param {number} shape that the caller knows the column names of
   * @returns {string[] | undefined} column names, unless the cursor has that shape
   */
  sqlExec(query, bindings, shape) {
    this.instance.checkUse(kType);
    this.rows.write(bindings);
    try {
      return this.native.sqlExec(this.handle, query, bindings.length, shape);
    } catch (error) {
      throw this.#refused(error);
    } finally {
      this.rows.end();
      // A statement that failed may have begun the transaction all the same.
      this.instance.shard.wrote(this.instance);
    }
  }

  /** Whether the latest sqlExec() found its statement compiled. @returns {boolean} */
  sqlReused() {
    return this.native.sqlReused();
  }

  /** @param {string} text @returns {[remainder: string, statementCount: number, rowsRead: number, rowsWritten: number]} */
  sqlIngest(text) {
    return this.write(() => this.native.sqlIngest(this.handle, text));
  }

  /** @param {number} pages */
  setPageCountMax(pages) {
    this.run(() => this.native.setPageCountMax(this.handle, pages));
  }

  /**
   * The next row of a cursor: in `rows`.
   * @param {number} cursor
   * @returns {boolean} there was one; counts: sqlState
   */
  sqlNext(cursor) {
    this.instance.checkUse('State');
    try {
      const text = this.native.sqlNext(cursor);
      return this.rows.begin(text, this.sqlState[6]);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /**
   * Rows of a cursor before they are asked for: in `rows`. Fewer than `max` where no more fit, or where there are no more: sqlState[2].
   * How many of them were taken has to be counted in sqlTaken, at the place that sqlState[7] says; when the count is another there, those
   * not taken must be forgotten. Where that is -1 there is one row, as of sqlNext().
   * @param {number} cursor
   * @param {number} max
   * @returns {boolean} there was one
   */
  sqlAhead(cursor, max) {
    this.instance.checkUse('State');
    try {
      const text = this.native.sqlAhead(cursor, max);
      return this.rows.begin(text, this.sqlState[6]);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** Before a row is taken that was read ahead. */
  checkReader() {
    this.instance.checkUse('State');
  }

  /**
   * As many of a cursor's rows as cross at once: in `rows`.
   * @param {number} cursor
   * @returns {number} how many; counts: sqlState
   */
  sqlBatch(cursor) {
    this.instance.checkUse('State');
    return this.run(() => {
      const text = this.native.sqlBatch(cursor);
      return this.rows.begin(text, this.sqlState[6]) ? this.sqlState[3] : 0;
    });
  }

  /** @param {number} cursor @returns {boolean} it is open; its counts: sqlState */
  sqlCounts(cursor) {
    return this.run(() => this.native.sqlCounts(cursor));
  }

  /** @param {number} cursor */
  cursorClose(cursor) {
    this.native.cursorClose(cursor);
  }

  /** @returns {number} */
  databaseSize() {
    return this.run(() => this.native.databaseSize(this.handle));
  }
}

module.exports = { ObjectDatabase, kType };
