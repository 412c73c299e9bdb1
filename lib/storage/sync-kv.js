'use strict';
// SyncKvStorage: ctx.storage.kv (spec S3.11).

const { deserialize, kNotStorable } = require('./value-codec');
const { checkGiven, checkRange, toKey, toRange } = require('./arguments');
const { ListIterator } = require('./row-iterators');

const kNotSqlite =
  "The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but this object's namespace is not declared to use SQLite. You can use the older, asyncronous interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable SQLite, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly, set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.";

const kInvalidated =
  'kv.list() iterator was invalidated because a new call to kv.list() was started. Only one kv.list() iterator can exist at a time.';

const kOwner = 'SyncKvStorage';

class SyncKvStorage {
  #store;
  /** @type {object | undefined} the one list() whose iterator is valid */
  #current;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    this.#store = store;
  }

  get [Symbol.toStringTag]() {
    return 'SyncKvStorage';
  }

  #check() {
    if (!this.#store.isSqlite) throw new Error(kNotSqlite);
  }

  /** @param {any} key @returns {any} */
  get(key) {
    checkGiven(arguments, 1, 'get', kOwner, 'string');
    const name = toKey(key);
    this.#check();
    return this.#store.kvGet(name);
  }

  /** @param {any} key @param {any} value S3.11.5: undefined is stored */
  put(key, value) {
    checkGiven(arguments, 1, 'put', kOwner, 'string');
    const name = toKey(key);
    checkGiven(arguments, 2, 'put', kOwner, 'Value');
    this.#check();
    this.#store.kvPut(name, value);
  }

  /** @param {any} key @returns {boolean} existed */
  delete(key) {
    checkGiven(arguments, 1, 'delete', kOwner, 'string');
    const name = toKey(key);
    this.#check();
    return this.#store.kvDelete(name);
  }

  /**
   * Lazy; a later list() invalidates this one (S3.11.3).
   * @param {object} [options]
   * @returns {IterableIterator<[string, any]>}
   */
  list(options) {
    const range = toRange(options, kOwner);
    this.#check();
    const cursor = this.#store.kvOpen(checkRange(range));
    const token = {};
    this.#current = token;
    return /** @type {any} */ (
      new ListIterator(() => {
        if (this.#current !== token) throw new Error(kInvalidated);
        const row = this.#store.kvNext(cursor);
        return row === undefined ? undefined : [row[0], deserialize(row[1], this.#store.codec)];
      }, this.#store.end)
    );
  }
}

Object.defineProperty(SyncKvStorage.prototype, kNotStorable, { value: true });

module.exports = { SyncKvStorage };
