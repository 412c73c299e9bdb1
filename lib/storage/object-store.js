'use strict';
// ObjectStore: one instance's way to its database: native calls, transactions, the alarm's deferred deletion.
//
// It belongs to one incarnation: once the instance is gone every call throws S2.10.3's error, so code that outlives its
// instance can neither read nor write. A critical error resets the object (S4.10.4).

const { endFor } = require('./row-iterators');
const { RowShapes } = require('./row-shapes');
const { TransactionScope } = require('./transaction');
const { GivenReason } = require('../rpc/reset-error');
const { UnconfirmedWrites } = require('./unconfirmed-writes');
const { serialize, deserialize } = require('./value-codec');
const { time } = require('../time');

/** As workerd names what is inside ctx.storage (S2.10.2). */
const kType = 'ActorCacheInterface';
const kFacetAlarm = 'Facets currently cannot set alarms.';
/** How values are written, by the flag. */
const kEnhanced = { enhancedErrors: true };
const kPlain = { enhancedErrors: false };
const kCannotCommit = 'Cannot commit transaction due to an earlier SQL critical error';

class ObjectStore {
  #instance;
  #native;
  #handle;
  /** The alarm whose handler runs now is to be deleted if that succeeds (S5.3.1). */
  #alarmDeferred = false;
  /** @type {{scope: TransactionScope | undefined, alarmDeferred: boolean}[] | undefined} open savepoints, innermost last */
  #savepoints;
  /** SQLite has rolled everything back (S4.10.4). */
  #failed = false;
  /** @type {UnconfirmedWrites | undefined} */
  #unconfirmed;

  /** @param {import('../actors/instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
    this.#native = instance.shard.native;
    this.#handle = instance.handle;
    this.cursors = instance.shard.openCursors;
    this.rows = instance.shard.rowCells;
    /**
     * Of the cursor that was used last: rows read, rows written, 1 while there is a row, rows given, its handle, its shape, cells in
     * `rows` that are neither numbers nor short texts, its place in sqlTaken. The same array for all.
     * @type {Float64Array}
     */
    this.sqlState = this.#native.sqlState;
    /** @type {Uint32Array} see sqlAhead() */
    this.sqlTaken = this.#native.sqlTaken;
    /** The shapes of the rows of this object's queries. */
    this.rowShapes = new RowShapes();
    this.isSqlite = instance.namespace.kind === 'sqlite';
    /** How its values are written. @type {import('./value-codec').Form} */
    this.codec = instance.namespace.flags.enhanced_error_serialization ? kEnhanced : kPlain;
    /** The last step of an iteration over its rows. */
    this.end = endFor(instance.namespace.flags);
    /** Whether what needs the `experimental` flag is there. @type {boolean} */
    this.isExperimental = instance.namespace.flags.experimental;
  }

  /**
   * @template T
   * @param {() => T} call
   * @returns {T}
   */
  #run(call) {
    this.#instance.checkUse(kType);
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
      this.#failed = true;
      this.#instance.break(error);
    }
    return error;
  }

  /** @template T @param {() => T} call @returns {T} */
  #write(call) {
    const result = this.#run(call);
    this.#instance.shard.wrote(this.#instance);
    return result;
  }

  /** @param {string} key @returns {any} the value; undefined: there is none, or it is that */
  kvGet(key) {
    const found = this.#kvRead(key);
    return found instanceof Uint8Array ? deserialize(found) : found;
  }

  /** As kvGet, and tells a stored undefined. @param {string} key @returns {{value: any} | undefined} */
  kvFind(key) {
    const found = this.#kvRead(key);
    if (found === undefined) return undefined;
    return { value: found instanceof Uint8Array ? deserialize(found) : found };
  }

  // Written out, not through #run() and #write(): a closure costs as much as the rest of the call.
  /** @param {string} key @returns {any} a primitive value, or bytes */
  #kvRead(key) {
    this.#instance.checkUse(kType);
    try {
      return this.#native.kvGet(this.#handle, key);
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
    this.#instance.shard.wrote(this.#instance);
  }

  /** @param {string} key @param {Uint8Array} bytes of a value */
  kvPutBytes(key, bytes) {
    this.#write(() => this.#native.kvPut(this.#handle, key, bytes));
  }

  /** @param {string} key @param {any} value @returns {boolean} done */
  #kvPutPrimitive(key, value) {
    this.#instance.checkUse(kType);
    try {
      return this.#native.kvPutPrimitive(this.#handle, key, value);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** All or nothing (S3.3.3). @param {[string, any][]} rows */
  kvPutAll(rows) {
    if (rows.length === 0) return;
    this.transactionSync(() => {
      for (const [key, value] of rows) this.kvPut(key, value);
    });
  }

  /** S2.6.5: what writes with `allowUnconfirmed` go to. A transactionSync() is confirmed, whatever is in it.
   * @returns {UnconfirmedWrites | ObjectStore} */
  get unconfirmed() {
    if (this.#savepoints?.some(({ scope }) => scope === undefined)) return this;
    this.#unconfirmed ??= new UnconfirmedWrites(this);
    return this.#unconfirmed;
  }

  /**
   * Nothing the object says waits for what `write` writes.
   * @template T
   * @param {() => T} write runs no code of the user's
   * @returns {T}
   */
  runUnconfirmed(write) {
    this.#run(() => this.#native.beginUnconfirmed(this.#handle));
    try {
      return write();
    } finally {
      this.#native.endUnconfirmed(this.#handle);
    }
  }

  /** @param {string} key @returns {boolean} */
  kvDelete(key) {
    return this.#write(() => this.#native.kvDelete(this.#handle, key));
  }

  /** @param {import('./arguments').Range} range @returns {any[]} key, bytes, key, bytes, ... */
  kvList({ start, startAfter, end, prefix, limit, reverse }) {
    return this.#run(() =>
      this.#native.kvList(this.#handle, start, startAfter, end, prefix, limit, reverse ?? false),
    );
  }

  /** @param {import('./arguments').Range} range @returns {number} */
  kvOpen({ start, startAfter, end, prefix, limit, reverse }) {
    return this.#run(() =>
      this.#native.kvOpen(this.#handle, start, startAfter, end, prefix, limit, reverse ?? false),
    );
  }

  /** @param {number} cursor @returns {[string, Uint8Array] | undefined} */
  kvNext(cursor) {
    return this.#run(() => this.#native.kvNext(cursor));
  }

  /**
   * Counts, handle and shape of the cursor that is opened: sqlState.
   * @param {string} query
   * @param {any[]} bindings null, numbers, strings, bytes
   * @param {number} shape that the caller knows the column names of
   * @returns {string[] | undefined} column names, unless the cursor has that shape
   */
  sqlExec(query, bindings, shape) {
    this.#instance.checkUse(kType);
    this.rows.write(bindings);
    try {
      return this.#native.sqlExec(this.#handle, query, bindings.length, shape);
    } catch (error) {
      throw this.#refused(error);
    } finally {
      this.rows.end();
      // A statement that failed may have begun the transaction all the same.
      this.#instance.shard.wrote(this.#instance);
    }
  }

  /** Whether the latest sqlExec() found its statement compiled. @returns {boolean} */
  sqlReused() {
    return this.#native.sqlReused();
  }

  /** @param {string} text @returns {[remainder: string, statementCount: number, rowsRead: number, rowsWritten: number]} */
  sqlIngest(text) {
    return this.#write(() => this.#native.sqlIngest(this.#handle, text));
  }

  /** @param {number} pages */
  setPageCountMax(pages) {
    this.#run(() => this.#native.setPageCountMax(this.#handle, pages));
  }

  /**
   * The next row of a cursor: in `rows`.
   * @param {number} cursor
   * @returns {boolean} there was one; counts: sqlState
   */
  sqlNext(cursor) {
    this.#instance.checkUse('State');
    try {
      const text = this.#native.sqlNext(cursor);
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
    this.#instance.checkUse('State');
    try {
      const text = this.#native.sqlAhead(cursor, max);
      return this.rows.begin(text, this.sqlState[6]);
    } catch (error) {
      throw this.#refused(error);
    }
  }

  /** Before a row is taken that was read ahead. */
  checkReader() {
    this.#instance.checkUse('State');
  }

  /**
   * As many of a cursor's rows as cross at once: in `rows`.
   * @param {number} cursor
   * @returns {number} how many; counts: sqlState
   */
  sqlBatch(cursor) {
    this.#instance.checkUse('State');
    return this.#run(() => {
      const text = this.#native.sqlBatch(cursor);
      return this.rows.begin(text, this.sqlState[6]) ? this.sqlState[3] : 0;
    });
  }

  /** @param {number} cursor @returns {boolean} it is open; its counts: sqlState */
  sqlCounts(cursor) {
    return this.#run(() => this.#native.sqlCounts(cursor));
  }

  /** @param {number} cursor */
  cursorClose(cursor) {
    this.#native.cursorClose(cursor);
  }

  /** @returns {number} */
  databaseSize() {
    return this.#run(() => this.#native.databaseSize(this.#handle));
  }

  // Bookmarks (S4.13).

  /** Whether earlier states are kept. @returns {boolean} */
  get retainsHistory() {
    return this.#native.retainsHistory();
  }

  /** The object's own counter (S4.13.8). @returns {string} */
  bookmark() {
    return this.#run(() => this.#native.bookmark(this.#handle));
  }

  /** Of the state with all that was written so far; in a transaction, of the state before it. @returns {Promise<string>} */
  async committedBookmark() {
    for (;;) {
      const bookmark = this.#run(() => this.#native.committedBookmark(this.#handle));
      if (bookmark !== undefined) return bookmark;
      await this.sync();
    }
  }

  /** @param {number} ms @returns {Promise<string>} */
  bookmarkForTime(ms) {
    return this.#run(() => this.#native.bookmarkForTime(ms));
  }

  /** What names this object to restoreAtNextStart(). @returns {[uniqueKey: string, id: string]} */
  objectName() {
    return this.#run(() => this.#native.objectName(this.#handle));
  }

  /** @param {string} text @returns {boolean} */
  isBookmark(text) {
    return this.#native.isBookmark(text);
  }

  /**
   * @param {string} bookmark
   * @param {[uniqueKey: string, id: string] | []} [source] of which object; by default of this one
   * @returns {Promise<string>} the bookmark of now, once the restore is certain
   */
  async restoreAtNextStart(bookmark, source = []) {
    const now = await this.committedBookmark();
    const restored = this.#run(() =>
      this.#native.restoreBookmark(this.#handle, bookmark, ...source),
    );
    if (restored === undefined) throw new TypeError(`"${bookmark}" is not a bookmark.`);
    await restored;
    return now;
  }

  /** S3.9 */
  deleteAll() {
    if (this.#savepoints?.length) throw new Error('Cannot call deleteAll() within a transaction');
    const alarmToo = this.#instance.namespace.flags.delete_all_deletes_alarm;
    this.#run(() => this.#instance.facets.deleteAll());
    this.#write(() => this.#native.deleteAll(this.#handle, alarmToo));
    if (alarmToo) this.#alarmDeferred = false;
  }

  /** S3.12: what waits goes on as an event of its own, after those that wait already. @returns {Promise<void>} */
  async sync() {
    const instance = this.#instance;
    instance.checkUse(kType);
    const section = instance.currentSection;
    return new Promise((resolve, reject) => {
      const goOn = (/** @type {() => void} */ settle) => instance.postTask(settle, section);
      instance.whenAllDurable(
        () => goOn(() => resolve(undefined)),
        (error) => goOn(() => reject(error)),
      );
    });
  }

  // The alarm.

  /** @returns {number | null} S5.3.1 */
  getAlarm() {
    if (this.#alarmDeferred) return null;
    return this.#run(() => this.#native.alarmGet(this.#handle));
  }

  /** The stored time, deferred or not. @returns {number | null} */
  storedAlarm() {
    return this.#run(() => this.#native.alarmGet(this.#handle));
  }

  /** @param {number} at ms; past times are now (S5.1.4) */
  setAlarm(at) {
    if (!this.#instance.canSetAlarm()) {
      throw new TypeError(
        'Your Durable Object class must have an alarm() handler in order to call setAlarm()',
      );
    }
    if (this.#instance.facet !== undefined) throw this.#refuseAlarm();
    this.#write(() => this.#native.alarmSet(this.#handle, Math.max(at, time.now())));
    this.#alarmDeferred = false;
  }

  /** S5.6.8: the facet is reset. */
  #refuseAlarm() {
    const error = new Error(kFacetAlarm);
    this.#instance.break(new GivenReason(error));
    return error;
  }

  deleteAlarm() {
    if (this.#instance.facet !== undefined) return;
    this.#write(() => this.#native.alarmSet(this.#handle, null));
    this.#alarmDeferred = false;
  }

  /** The handler of the stored alarm starts. */
  deferAlarmDeletion() {
    this.#alarmDeferred = true;
  }

  /** The handler is over: on success the alarm it was for is deleted, unless it was replaced (S5.3.2-S5.3.4).
   * @param {boolean} succeeded @returns {boolean} still deferred, that is: not replaced */
  settleAlarmDeletion(succeeded) {
    if (!this.#alarmDeferred) return false;
    this.#alarmDeferred = false;
    if (succeeded) this.#write(() => this.#native.alarmSet(this.#handle, null));
    return true;
  }

  // Transactions.

  /** @param {TransactionScope} [scope] of transaction(); none: of transactionSync() */
  #open(scope) {
    if (scope) this.#write(() => this.#native.openTransaction(this.#handle));
    else this.#write(() => this.#native.savepoint(this.#handle));
    this.#savepoints ??= [];
    this.#savepoints.push({ scope, alarmDeferred: this.#alarmDeferred });
  }

  #commit() {
    this.#write(() => this.#native.releaseSavepoint(this.#handle));
    this.#savepoints?.pop();
  }

  #rollback() {
    this.#write(() => this.#native.rollbackToSavepoint(this.#handle));
    const savepoint = this.#savepoints?.pop();
    if (savepoint) this.#alarmDeferred = savepoint.alarmDeferred;
  }

  /**
   * S3.10.9
   * @template T
   * @param {() => T} closure
   * @returns {T}
   */
  transactionSync(closure) {
    this.#open();
    let result;
    try {
      result = closure();
    } catch (error) {
      if (this.#instance.isLive) this.#rollback();
      throw error;
    }
    if (this.#failed) throw new Error(kCannotCommit);
    this.#commit();
    return result;
  }

  /**
   * S3.10.1: a critical section around a savepoint; a failure rolls back and does not reset the object.
   * @template T
   * @param {(scope: TransactionScope) => Promise<T>} closure
   * @returns {Promise<T>}
   */
  async transaction(closure) {
    const parent = this.#innermostScope();
    const scope = new TransactionScope();
    if (parent) parent.children += 1;
    /** @type {{value: T} | {error: unknown}} */
    const outcome = await this.#instance.criticalSection(async () => {
      this.#open(scope);
      try {
        // As many ticks as on workerd: abort() by what runs beside the closure can come first.
        const run = () => Promise.resolve(closure(scope)).then((value) => value);
        const value = await Promise.resolve().then(run);
        if (!scope.rolledBack) this.#commit();
        return { value };
      } catch (error) {
        if (!scope.rolledBack && this.#instance.isLive) this.#rollback();
        scope.rolledBack = true;
        return { error };
      } finally {
        scope.ended = true;
        if (parent) parent.children -= 1;
      }
    });
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  #innermostScope() {
    return this.#savepoints?.findLast((savepoint) => savepoint.scope)?.scope;
  }

  /** @param {TransactionScope} scope */
  rollbackScope(scope) {
    if (this.#savepoints?.at(-1)?.scope !== scope) return;
    scope.rolledBack = true;
    this.#rollback();
  }
}

module.exports = { ObjectStore };
