'use strict';
// ObjectStore: what one instance's storage is beyond its database: transactions, and the alarm's deferred deletion.

const { ObjectDatabase, kType } = require('./object-database');
const { TransactionScope } = require('./transaction');
const { GivenReason } = require('../rpc/reset-error');
const { UnconfirmedWrites } = require('./unconfirmed-writes');
const { time } = require('../time');

const kFacetAlarm = 'Facets currently cannot set alarms.';
const kCannotCommit = 'Cannot commit transaction due to an earlier SQL critical error';

class ObjectStore extends ObjectDatabase {
  /** The alarm whose handler runs now is to be deleted if that succeeds (S5.3.1). */
  #alarmDeferred = false;
  /** @type {{scope: TransactionScope | undefined, alarmDeferred: boolean}[] | undefined} open savepoints, innermost last */
  #savepoints;
  /** @type {UnconfirmedWrites | undefined} */
  #unconfirmed;

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
    this.run(() => this.native.beginUnconfirmed(this.handle));
    try {
      return write();
    } finally {
      this.native.endUnconfirmed(this.handle);
    }
  }

  /** S3.9 */
  deleteAll() {
    if (this.#savepoints?.length) throw new Error('Cannot call deleteAll() within a transaction');
    const alarmToo = this.instance.namespace.flags.delete_all_deletes_alarm;
    this.run(() => this.instance.facets.deleteAll());
    this.write(() => this.native.deleteAll(this.handle, alarmToo));
    if (alarmToo) this.#alarmDeferred = false;
  }

  /** S3.12: what waits goes on as an event of its own, after those that wait already. @returns {Promise<void>} */
  async sync() {
    const { instance } = this;
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
    return this.run(() => this.native.alarmGet(this.handle));
  }

  /** The stored time, deferred or not. @returns {number | null} */
  storedAlarm() {
    return this.run(() => this.native.alarmGet(this.handle));
  }

  /** @param {number} at ms; past times are now (S5.1.4) */
  setAlarm(at) {
    if (!this.instance.canSetAlarm()) {
      throw new TypeError(
        'Your Durable Object class must have an alarm() handler in order to call setAlarm()',
      );
    }
    if (this.instance.facet !== undefined) throw this.#refuseAlarm();
    this.write(() => this.native.alarmSet(this.handle, Math.max(at, time.now())));
    this.#alarmDeferred = false;
  }

  /** S5.6.8: the facet is reset. */
  #refuseAlarm() {
    const error = new Error(kFacetAlarm);
    this.instance.break(new GivenReason(error));
    return error;
  }

  deleteAlarm() {
    if (this.instance.facet !== undefined) return;
    this.write(() => this.native.alarmSet(this.handle, null));
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
    if (succeeded) this.write(() => this.native.alarmSet(this.handle, null));
    return true;
  }

  // Transactions.

  /** @param {TransactionScope} [scope] of transaction(); none: of transactionSync() */
  #open(scope) {
    if (scope) this.write(() => this.native.openTransaction(this.handle));
    else this.write(() => this.native.savepoint(this.handle));
    this.#savepoints ??= [];
    this.#savepoints.push({ scope, alarmDeferred: this.#alarmDeferred });
  }

  #commit() {
    this.write(() => this.native.releaseSavepoint(this.handle));
    this.#savepoints?.pop();
  }

  #rollback() {
    this.write(() => this.native.rollbackToSavepoint(this.handle));
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
      if (this.instance.isLive) this.#rollback();
      throw error;
    }
    if (this.hasFailed) throw new Error(kCannotCommit);
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
    const outcome = await this.instance.criticalSection(async () => {
      this.#open(scope);
      try {
        // As many ticks as on workerd: abort() by what runs beside the closure can come first.
        const run = () => Promise.resolve(closure(scope)).then((value) => value);
        const value = await Promise.resolve().then(run);
        if (!scope.rolledBack) this.#commit();
        return { value };
      } catch (error) {
        if (!scope.rolledBack && this.instance.isLive) this.#rollback();
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
