'use strict';
// DurableObjectTransaction: the `txn` of storage.transaction() (spec S3.10).

const { checkOptions, toAlarmTime } = require('./arguments');
const { get, put, kDone, keysToRemove, remove, list } = require('./operations');
const { writesOf } = require('./unconfirmed-writes');

/** The life of one transaction, shared by its `txn` and the store. */
class TransactionScope {
  rolledBack = false;
  ended = false;
  /** Transactions opened inside this one and not ended. */
  children = 0;
}

const kOwner = 'DurableObjectTransaction';

class DurableObjectTransaction {
  #store;
  #scope;

  /**
   * @param {import('./object-store').ObjectStore} store
   * @param {TransactionScope} scope
   */
  constructor(store, scope) {
    this.#store = store;
    this.#scope = scope;
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectTransaction';
  }

  /** @param {string} operation S3.10.5, S3.10.6 */
  #check(operation) {
    if (this.#scope.rolledBack) throw new Error(`Cannot ${operation} on rolled back transaction`);
    if (this.#scope.ended) {
      throw new Error(
        `Cannot call ${operation} on transaction that has already committed: did you move \`txn\` outside of the closure?`,
      );
    }
  }

  /** @param {any} _keyOrKeys @param {object} [_options] @returns {Promise<any>} */
  async get(_keyOrKeys, _options) {
    return Promise.resolve(get(this.#store, arguments, kOwner, () => this.#check('get()')));
  }

  /** @param {object} [options] @returns {Promise<Map<string, any>>} */
  async list(options) {
    return Promise.resolve(list(this.#store, options, kOwner, () => this.#check('list()')));
  }

  /** @param {any} _keyOrEntries @param {any} [_value] @param {any} [_options] @returns {Promise<void>} */
  async put(_keyOrEntries, _value, _options) {
    put(this.#store, arguments, kOwner, () => this.#check('put()'));
    return kDone;
  }

  /** @param {any} _keyOrKeys @param {object} [options] @returns {Promise<boolean | number>} */
  delete(_keyOrKeys, options) {
    const keys = keysToRemove(arguments, kOwner);
    this.#check('delete()');
    return remove(this.#store, keys, options);
  }

  /** S3.9.4 @returns {never} */
  deleteAll() {
    throw new Error('Cannot call deleteAll() within a transaction');
  }

  /** S3.10.5: marks for rollback; the closure goes on. */
  rollback() {
    if (this.#scope.rolledBack) return;
    this.#check('rollback()');
    if (this.#scope.children > 0) {
      throw new Error(
        'Cannot roll back an outer transaction while a nested transaction is still running.',
      );
    }
    this.#store.rollbackScope(this.#scope);
  }

  /** @param {object} [options] @returns {Promise<number | null>} */
  async getAlarm(options) {
    checkOptions(options, 1, 'getAlarm', kOwner, 'GetAlarmOptions');
    this.#check('getAlarm()');
    const alarm = this.#store.getAlarm();
    await null;
    return alarm;
  }

  /** @param {number | Date} time @param {object} [options] @returns {Promise<void>} */
  async setAlarm(time, options) {
    const ms = toAlarmTime(time, kOwner);
    checkOptions(options, 2, 'setAlarm', kOwner, 'SetAlarmOptions');
    this.#check('setAlarm()');
    writesOf(this.#store, options).setAlarm(ms);
    return kDone;
  }

  /** @param {object} [options] @returns {Promise<void>} */
  async deleteAlarm(options) {
    checkOptions(options, 1, 'deleteAlarm', kOwner, 'SetAlarmOptions');
    this.#check('deleteAlarm()');
    writesOf(this.#store, options).deleteAlarm();
    return kDone;
  }
}

module.exports = { DurableObjectTransaction, TransactionScope };
