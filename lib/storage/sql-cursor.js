'use strict';
// Cursor: the rows of one exec (spec S4.5).

const { kNotStorable } = require('./refusals');
const { ReadAhead } = require('./read-ahead');
const { ResultMemory } = require('./result-memory');
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
  /** The first row crosses alone: many queries have no other. */
  #isBegun = false;
  /** @type {ReadAhead | undefined} */
  #ahead;

  /**
   * Of the native cursor that was just opened: store.sqlState.
   * @param {symbol} key kMake: users do not construct cursors
   * @param {import('./object-store').ObjectStore} store
   * @param {import('./row-shapes').RowShape} shape
   */
  constructor(key, store, shape) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#store = store;
    this.#shape = shape;
    const { sqlState } = store;
    this.#rowsRead = sqlState[0];
    this.#rowsWritten = sqlState[1];
    this.#handle = sqlState[4];
    if (this.#handle !== 0) store.cursors.add(this, handleOf);
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

  /** Of the cursor that a native call was just made for. */
  #noteCounts() {
    const { sqlState } = this.#store;
    this.#rowsRead = sqlState[0];
    this.#rowsWritten = sqlState[1];
  }

  /** After a native call that moved the cursor: its counts are asked for while it is open. */
  #noteMove() {
    if (this.#store.sqlState[2] !== 0) return;
    this.#noteCounts();
    this.#handle = 0;
  }

  /** @param {import('./row-shapes').RowFactory} make @returns {any} */
  #take(make) {
    if (this.#handle === 0) return undefined;
    const ahead = this.#ahead?.take(make);
    if (ahead !== undefined) {
      this.#noteAhead();
      return ahead;
    }
    const store = this.#store;
    // When rows that were read ahead were worth nothing once, there are no more of them.
    const isFirst = !this.#isBegun;
    this.#ahead = undefined;
    this.#isBegun = true;
    if (!store.sqlNext(this.#handle)) {
      this.#handle = 0;
      return undefined;
    }
    const row = make(store.rows, 0);
    store.rows.end();
    this.#noteMove();
    if (isFirst && this.#handle !== 0)
      this.#ahead = new ReadAhead(store, this.#handle, this.#shape.names.length);
    return row;
  }

  /** After a row that was read ahead was taken. */
  #noteAhead() {
    if (this.#ahead?.isRefused) {
      this.#ahead = undefined;
      this.#noteMove();
    } else if (this.#ahead?.isAtEnd) {
      this.#ahead = undefined;
      this.#close();
    }
  }

  /** With the counts as they are now. */
  #close() {
    this.#recount();
    this.#store.cursorClose(this.#handle);
    this.#handle = 0;
  }

  /** @param {import('./row-shapes').RowFactory} make @returns {any[]} */
  #takeAll(make) {
    const store = this.#store;
    const columns = this.#shape.names.length;
    const all = this.#ahead?.takeAll(make) ?? [];
    this.#noteAhead();
    this.#ahead = undefined;
    this.#isBegun = true;
    /** @type {ResultMemory | undefined} what ends with its first batch needs none */
    let memory;
    while (this.#handle !== 0) {
      const count = store.sqlBatch(this.#handle);
      for (let row = 0; row < count; row += 1) all.push(make(store.rows, row * columns));
      store.rows.end();
      if (count === 0) this.#handle = 0;
      else this.#noteMove();
      if (this.#handle !== 0) (memory ??= new ResultMemory()).check();
    }
    return all;
  }

  /** S4.5.1 @returns {import('./row-iterators').Step} */
  next() {
    const value = this.#take(this.#shape.toObject);
    return value === undefined ? this.#store.end() : { done: false, value };
  }

  /** S4.5.3 @returns {any[]} */
  toArray() {
    return this.#takeAll(this.#shape.toObject);
  }

  /** S4.5.4 @returns {any} */
  one() {
    const row = this.#take(this.#shape.toObject);
    if (row === undefined) {
      throw new Error('Expected exactly one result from SQL query, but got no results.');
    }
    if (this.#handle !== 0) {
      this.#close();
      throw new Error('Expected exactly one result from SQL query, but got multiple results.');
    }
    return row;
  }

  /** S4.5.5 @returns {IterableIterator<any[]> & {toArray(): any[][]}} */
  raw() {
    return /** @type {any} */ (
      new RawIterator(
        () => this.#take(this.#shape.toArray),
        this.#store.end,
        () => this.#takeAll(this.#shape.toArray),
      )
    );
  }

  /** S4.5.2: shares the cursor's position. @returns {IterableIterator<any>} */
  [Symbol.iterator]() {
    return /** @type {any} */ (
      new RowIterator(
        () => this.#take(this.#shape.toObject),
        this.#store.end,
        () => this.toArray(),
      )
    );
  }
}

Object.defineProperty(Cursor.prototype, kNotStorable, { value: true });

module.exports = { Cursor, kMake };
