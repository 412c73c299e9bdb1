'use strict';
// Cursor: the rows of one exec (spec S4.5).

const { kNotStorable } = require('./refusals');
const { RawIterator, RowIterator } = require('./row-iterators');

const kMake = Symbol('make');

/** @type {(cursor: Cursor) => number} */
let handleOf;

class Cursor {
  static {
    handleOf = (cursor) => cursor.#handle;
  }

  #store;
  #handle;
  #shape;
  #rowsRead;
  #rowsWritten;

  /**
   * Counts of the cursor that was just opened: store.sqlState.
   * @param {symbol} key kMake: users do not construct cursors
   * @param {import('./object-store').ObjectStore} store
   * @param {number} handle native, 0 when there is no row
   * @param {import('./row-shapes').RowShape} shape
   */
  constructor(key, store, handle, shape) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#store = store;
    this.#handle = handle;
    this.#shape = shape;
    const { sqlState } = store;
    this.#rowsRead = sqlState[0];
    this.#rowsWritten = sqlState[1];
    if (handle !== 0) store.cursors.add(this, handleOf);
  }

  get [Symbol.toStringTag]() {
    return 'Cursor';
  }

  get columnNames() {
    return [...this.#shape.names];
  }

  get rowsRead() {
    this.#recount();
    return this.#rowsRead;
  }

  get rowsWritten() {
    this.#recount();
    return this.#rowsWritten;
  }

  #recount() {
    if (this.#handle !== 0 && this.#store.sqlCounts(this.#handle)) this.#noteCounts();
  }

  /** After a native call that moved the cursor. @returns {boolean} there is another row */
  #noteCounts() {
    const { sqlState } = this.#store;
    this.#rowsRead = sqlState[0];
    this.#rowsWritten = sqlState[1];
    return sqlState[2] !== 0;
  }

  /** @returns {any[] | undefined} */
  #take() {
    if (this.#handle === 0) return undefined;
    const row = this.#store.sqlNext(this.#handle);
    if (row === undefined || !this.#noteCounts()) this.#handle = 0;
    return row;
  }

  /** @returns {any[][]} */
  #takeAll() {
    if (this.#handle === 0) return [];
    const rows = this.#store.sqlAll(this.#handle);
    this.#noteCounts();
    this.#handle = 0;
    return rows;
  }

  #takeShaped() {
    const row = this.#take();
    return row === undefined ? undefined : this.#shape.toObject(row);
  }

  /** S4.5.1 @returns {import('./row-iterators').Step} */
  next() {
    const value = this.#takeShaped();
    return value === undefined ? this.#store.end() : { done: false, value };
  }

  /** S4.5.3 @returns {any[]} */
  toArray() {
    return this.#takeAll().map(this.#shape.toObject);
  }

  /** S4.5.4 @returns {any} */
  one() {
    const row = this.#take();
    if (row === undefined) {
      throw new Error('Expected exactly one result from SQL query, but got no results.');
    }
    if (this.#handle !== 0) {
      this.#store.cursorClose(this.#handle);
      this.#handle = 0;
      throw new Error('Expected exactly one result from SQL query, but got multiple results.');
    }
    return this.#shape.toObject(row);
  }

  /** S4.5.5 @returns {IterableIterator<any[]> & {toArray(): any[][]}} */
  raw() {
    return /** @type {any} */ (
      new RawIterator(
        () => this.#take(),
        this.#store.end,
        () => this.#takeAll(),
      )
    );
  }

  /** S4.5.2: shares the cursor's position. @returns {IterableIterator<any>} */
  [Symbol.iterator]() {
    return /** @type {any} */ (
      new RowIterator(
        () => this.#takeShaped(),
        this.#store.end,
        () => this.toArray(),
      )
    );
  }
}

Object.defineProperty(Cursor.prototype, kNotStorable, { value: true });

module.exports = { Cursor, kMake };
