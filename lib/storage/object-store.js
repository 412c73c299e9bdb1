'use strict';
// ObjectStore: one instance's way to its database: native calls, transactions, the alarm's deferred deletion.
//
// It belongs to one incarnation: once the instance is gone every call throws S2.10.3's error, so code that outlives its
// instance can neither read nor write. A critical error resets the object (S4.10.4).

const { TransactionScope } = require('./transaction');

class ObjectStore {
  #instance;
  #native;
  #handle;
  /** The alarm whose handler runs now is to be deleted if that succeeds (S5.3.1). */
  #alarmDeferred = false;
  /** @type {{scope: TransactionScope | undefined, alarmDeferred: boolean}[]} open savepoints, innermost last */
  #savepoints = [];

  /** @param {import('../actors/instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
    this.#native = instance.shard.native;
    this.#handle = instance.handle;
    this.cursors = instance.shard.abandonedCursors;
    this.isSqlite = instance.namespace.kind === 'sqlite';
    /** How its values are written. @type {import('./value-codec').Form} */
    this.codec = { enhancedErrors: instance.namespace.flags.enhanced_error_serialization };
  }

  /**
   * @template T
   * @param {() => T} call
   * @returns {T}
   */
  #run(call) {
    this.#instance.checkLive();
    try {
      return call();
    } catch (error) {
      if (/** @type {any} */ (error).critical === true) {
        delete (/** @type {any} */ (error).critical);
        this.#instance.break(/** @type {Error} */ (error));
      }
      throw error;
    }
  }

  /** @template T @param {() => T} call @returns {T} */
  #write(call) {
    const result = this.#run(call);
    this.#instance.shard.wrote(this.#instance);
    return result;
  }

  /** @param {string} key @returns {Uint8Array | undefined} */
  kvGet(key) {
    return this.#run(() => this.#native.kvGet(this.#handle, key));
  }

  /** @param {string} key @param {Uint8Array} bytes */
  kvPut(key, bytes) {
    this.#write(() => this.#native.kvPut(this.#handle, key, bytes));
  }

  /** All or nothing (S3.3.3). @param {[string, Uint8Array][]} rows */
  kvPutAll(rows) {
    if (rows.length === 0) return;
    this.transactionSync(() => {
      for (const [key, bytes] of rows) this.kvPut(key, bytes);
    });
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

  /** @param {string} query @param {any[]} bindings @returns {[number, string[], number, number]} */
  sqlExec(query, bindings) {
    return this.#write(() => this.#native.sqlExec(this.#handle, query, bindings));
  }

  /** @param {number} cursor */
  sqlNext(cursor) {
    return this.#run(() => this.#native.sqlNext(cursor));
  }

  /** @param {number} cursor */
  sqlAll(cursor) {
    return this.#run(() => this.#native.sqlAll(cursor));
  }

  /** @param {number} cursor @returns {[number, number, boolean] | undefined} */
  sqlCounts(cursor) {
    return this.#native.sqlCounts(cursor);
  }

  /** @param {number} cursor */
  cursorClose(cursor) {
    this.#native.cursorClose(cursor);
  }

  /** @returns {number} */
  databaseSize() {
    return this.#run(() => this.#native.databaseSize(this.#handle));
  }

  /** @returns {string} */
  bookmark() {
    return this.#run(() => this.#native.bookmark(this.#handle));
  }

  /** S3.9 */
  deleteAll() {
    if (this.#savepoints.length > 0)
      throw new Error('Cannot call deleteAll() within a transaction');
    const alarmToo = this.#instance.namespace.flags.delete_all_deletes_alarm;
    this.#write(() => this.#native.deleteAll(this.#handle, alarmToo));
    if (alarmToo) this.#alarmDeferred = false;
  }

  /** S3.12 @returns {Promise<void>} */
  sync() {
    return new Promise((resolve, reject) => this.#instance.whenDurable(resolve, reject));
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

  /** @param {number} time ms; past times are now (S5.1.4) */
  setAlarm(time) {
    if (!this.#instance.canSetAlarm()) {
      throw new TypeError(
        'Your Durable Object class must have an alarm() handler in order to call setAlarm()',
      );
    }
    this.#write(() => this.#native.alarmSet(this.#handle, Math.max(time, Date.now())));
    this.#alarmDeferred = false;
  }

  deleteAlarm() {
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

  /** @param {TransactionScope} [scope] */
  #open(scope) {
    this.#write(() => this.#native.savepoint(this.#handle));
    this.#savepoints.push({ scope, alarmDeferred: this.#alarmDeferred });
  }

  #commit() {
    this.#write(() => this.#native.releaseSavepoint(this.#handle));
    this.#savepoints.pop();
  }

  #rollback() {
    this.#write(() => this.#native.rollbackToSavepoint(this.#handle));
    const savepoint = this.#savepoints.pop();
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
        const value = await closure(scope);
        if (!scope.rolledBack) this.#commit();
        return { value };
      } catch (error) {
        if (!scope.rolledBack && this.#instance.isLive) this.#rollback();
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
    return this.#savepoints.findLast((savepoint) => savepoint.scope)?.scope;
  }

  /** @param {TransactionScope} scope */
  rollbackScope(scope) {
    if (this.#savepoints.at(-1)?.scope !== scope) return;
    scope.rolledBack = true;
    this.#rollback();
  }
}

module.exports = { ObjectStore };
