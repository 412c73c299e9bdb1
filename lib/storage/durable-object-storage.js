'use strict';
// DurableObjectStorage: ctx.storage (spec S3).
//
// Every operation completes inside the call: `await` costs microtasks only and no other event of the object comes in between
// (S2.5.4). Code that runs beside it sees how many, so there are as many as on workerd: an async function that returns a promise
// settles after three, and getAlarm() after two. Durability is the output gate's business (S2.6).

const { kNotStorable } = require('./value-codec');
const { checkGiven, checkOptions, toAlarmTime, toKey, wrongType } = require('./arguments');
const { get, put, kDone, keysToRemove, remove, list } = require('./operations');
const { DurableObjectTransaction } = require('./transaction');
const { ExperimentalSqlStorage } = require('./experimental-sql');
const { SqlStorage } = require('./sql-storage');
const { makeSnapshot, stateOf } = require('./snapshot');
const { Bookmarks } = require('./bookmarks');
const { SyncKvStorage } = require('./sync-kv');
const { time } = require('../time');
const { writesOf } = require('./unconfirmed-writes');

const kOwner = 'DurableObjectStorage';

class DurableObjectStorage {
  #store;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    this.#store = store;
    // Own and writable, in this order, as on Workers.
    /** S3.11 */
    this.kv = new SyncKvStorage(store);
    /** S4 */
    this.sql = store.isExperimental ? new ExperimentalSqlStorage(store) : new SqlStorage(store);
    if (store.isExperimental) {
      Object.defineProperty(this, 'waitForBookmark', { value: waitForBookmark, writable: true });
    }
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectStorage';
  }

  /** S3.2 @param {any} _keyOrKeys @param {object} [_options] @returns {Promise<any>} */
  async get(_keyOrKeys, _options) {
    return Promise.resolve(get(this.#store, arguments, kOwner));
  }

  /** S3.3 @param {any} _keyOrEntries @param {any} [_value] @param {any} [_options] @returns {Promise<void>} */
  async put(_keyOrEntries, _value, _options) {
    put(this.#store, arguments, kOwner);
    return kDone;
  }

  /** S3.4 @param {any} _keyOrKeys @param {object} [options] @returns {Promise<boolean | number>} */
  delete(_keyOrKeys, options) {
    return remove(this.#store, keysToRemove(arguments, kOwner), options);
  }

  /** S3.5 @param {object} [options] @returns {Promise<Map<string, any>>} */
  async list(options) {
    return Promise.resolve(list(this.#store, options, kOwner));
  }

  /** S3.9 @param {object} [options] @returns {Promise<void>} */
  async deleteAll(options) {
    checkOptions(options, 1, 'deleteAll', kOwner, 'PutOptions');
    this.#store.deleteAll();
    return kDone;
  }

  /**
   * S3.10
   * @template T
   * @param {(txn: DurableObjectTransaction) => Promise<T>} closure
   * @param {object} [options] none is known
   * @returns {Promise<T>}
   */
  async transaction(closure, options) {
    if (typeof closure !== 'function') throw wrongType('transaction', kOwner, 1, 'function');
    checkOptions(options, 2, 'transaction', kOwner, 'TransactionOptions');
    return this.#store.transaction((scope) =>
      closure(new DurableObjectTransaction(this.#store, scope)),
    );
  }

  /** S3.10.9 @template T @param {() => T} closure @returns {T} */
  transactionSync(closure) {
    if (typeof closure !== 'function') throw wrongType('transactionSync', kOwner, 1, 'function');
    return this.#store.transactionSync(closure);
  }

  /** S3.12 @returns {Promise<void>} */
  sync() {
    return this.#store.sync();
  }

  /** S5.1 @param {object} [options] @returns {Promise<number | null>} */
  async getAlarm(options) {
    checkOptions(options, 1, 'getAlarm', kOwner, 'GetAlarmOptions');
    const alarm = this.#store.getAlarm();
    await null;
    return alarm;
  }

  /** S5.1 @param {number | Date} time @param {object} [options] @returns {Promise<void>} */
  async setAlarm(time, options) {
    const ms = toAlarmTime(time, kOwner);
    checkOptions(options, 2, 'setAlarm', kOwner, 'SetAlarmOptions');
    writesOf(this.#store, options).setAlarm(ms);
    return kDone;
  }

  /** S5.1 @param {object} [options] @returns {Promise<void>} */
  async deleteAlarm(options) {
    checkOptions(options, 1, 'deleteAlarm', kOwner, 'SetAlarmOptions');
    writesOf(this.#store, options).deleteAlarm();
    return kDone;
  }

  get #bookmarks() {
    return new Bookmarks(this.#store);
  }

  /** S4.13.1 @returns {Promise<string>} */
  async getCurrentBookmark() {
    const bookmarks = this.#bookmarks;
    if (bookmarks.canRestore) return bookmarks.committed();
    if (bookmarks.isHistoryKept) throw pointInTimeUnsupported();
    return bookmarks.counter();
  }

  /** @param {number | Date} at @returns {Promise<string>} */
  async getBookmarkForTime(at) {
    if (!(at instanceof Date) && typeof at !== 'number')
      throw wrongType('getBookmarkForTime', kOwner, 1, 'date');
    const bookmarks = this.#bookmarks;
    if (!bookmarks.canRestore) throw pointInTimeUnsupported();
    const ms = Number(at);
    if (Number.isNaN(ms)) throw new TypeError('The time of getBookmarkForTime() is not a time.');
    if (ms > time.now()) throw new Error('The time of getBookmarkForTime() is in the future.');
    return bookmarks.atTime(Math.max(ms, 0));
  }

  /** @param {string} bookmark @returns {Promise<string>} */
  async onNextSessionRestoreBookmark(bookmark) {
    checkGiven(arguments, 1, 'onNextSessionRestoreBookmark', kOwner, 'string');
    const text = toKey(bookmark);
    const bookmarks = this.#bookmarks;
    if (!bookmarks.canRestore) throw pointInTimeUnsupported();
    return bookmarks.restoreAtNextStart(text);
  }

  /** S4.13.6 @param {string} [bookmark] @returns {Promise<import('./snapshot').DurableObjectSnapshot>} */
  async snapshot(bookmark) {
    const text = bookmark === undefined ? undefined : toKey(bookmark);
    const bookmarks = this.#bookmarks;
    if (!bookmarks.canRestore) throw pointInTimeUnsupported();
    if (text !== undefined && !bookmarks.isBookmark(text))
      throw new TypeError(`"${text}" is not a bookmark.`);
    return makeSnapshot(bookmarks.objectName(), text ?? (await bookmarks.committed()));
  }
}

Object.defineProperty(DurableObjectStorage.prototype, kNotStorable, { value: true });

/** Reads see every write of the object, so there is nothing to wait for. @param {string} bookmark */
async function waitForBookmark(bookmark) {
  checkGiven(arguments, 1, 'waitForBookmark', kOwner, 'string');
  toKey(bookmark);
}

/**
 * S4.13.6: ctx.onNextSessionRestore()
 * @param {import('./object-store').ObjectStore} store
 * @param {unknown} snapshot
 * @returns {Promise<string>}
 */
async function restoreSnapshot(store, snapshot) {
  const state = stateOf(snapshot);
  if (state === undefined) {
    throw wrongType('onNextSessionRestore', 'DurableObjectState', 1, 'DurableObjectSnapshot');
  }
  const bookmarks = new Bookmarks(store);
  if (!bookmarks.canRestore) throw pointInTimeUnsupported();
  return bookmarks.restoreAtNextStart(state.bookmark, [state.uniqueKey, state.id]);
}

const pointInTimeUnsupported = () =>
  new Error("This Durable Object's storage back-end does not implement point-in-time recovery.");

module.exports = { DurableObjectStorage, restoreSnapshot };
