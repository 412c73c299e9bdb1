'use strict';
// SqlStorage: ctx.storage.sql (spec S4).

const { Cursor, kMake } = require('./sql-cursor');
const { Statement } = require('./sql-statement');
const { wrongType } = require('./arguments');
const { kNotStorable } = require('./value-codec');

const kNotSqlite =
  "SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly,set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.";

const kOwner = 'SqlStorage';

class SqlStorage {
  #store;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    this.#store = store;
  }

  get [Symbol.toStringTag]() {
    return 'SqlStorage';
  }

  get Cursor() {
    return Cursor;
  }

  get Statement() {
    return Statement;
  }

  /**
   * S4.2: all statements but the last run to completion; the last yields the cursor and has taken its first step.
   * @param {string} query
   * @param {...unknown} bindings
   * @returns {Cursor}
   */
  exec(query, ...bindings) {
    const store = this.#store;
    if (arguments.length === 0) throw wrongType('exec', kOwner, 1, 'String');
    const text = `${query}`;
    for (let i = 0; i < bindings.length; i += 1) bindings[i] = toSql(bindings[i]);
    checkSqlite(store);
    const known = store.rowShapes.get(text);
    const names = store.sqlExec(text, bindings, known === undefined ? 0 : known.id);
    const isKnown = known !== undefined && names === undefined;
    const shape = isKnown ? known : store.rowShapes.set(text, store.sqlState[5], names ?? []);
    return new Cursor(kMake, store, shape);
  }

  /** S4.1.4: bytes. @returns {number} */
  get databaseSize() {
    checkSqlite(this.#store);
    return this.#store.databaseSize();
  }
}

Object.defineProperty(SqlStorage.prototype, kNotStorable, { value: true });

/**
 * The `experimental` flag opens SQL to every class, as on workerd.
 * @param {import('./object-store').ObjectStore} store
 * @throws {Error} the class has no SQLite
 */
function checkSqlite(store) {
  if (!store.isSqlite && !store.isExperimental) throw new Error(kNotSqlite);
}

/** S4.3 @param {unknown} value @returns {null | number | string | ArrayBufferView | ArrayBuffer} */
function toSql(value) {
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'undefined':
      return null;
    case 'bigint':
      throw new TypeError('Cannot convert a BigInt value to a number');
    case 'symbol':
      throw new TypeError('Cannot convert a Symbol value to a string');
    default:
  }
  if (value === null || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value;
  if (value instanceof SharedArrayBuffer) return new Uint8Array(value);
  return String(value);
}

module.exports = { SqlStorage, checkSqlite };
