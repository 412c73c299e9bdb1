'use strict';
// ReadAhead: rows of a cursor that crossed into JavaScript before they were asked for.
//
// A crossing costs more than a row, so many come at once. How many of them were taken is counted in an array that the native side
// reads (sqlTaken): before anything is written there, the native cursor goes back to that place, for the rows behind it may change
// (SqlCursor::readAhead). The count is another then, and the rest is forgotten: nobody can tell that rows were read ahead.

const kRowsFirst = 16;
const kRowsMax = 128;

class ReadAhead {
  #store;
  #cursor;
  #columns;
  /** @type {import('./row-shapes').RowFactory | undefined} */
  #make;
  /** @type {any[]} */
  #rows = [];
  #taken = 0;
  /** Of the count. */
  #place = 0;
  #rowsNext = kRowsFirst;
  #isLast = false;
  /** The row that take() gave was the only one: the native cursor does not read this query ahead. */
  isRefused = false;

  /**
   * @param {import('./object-store').ObjectStore} store
   * @param {number} cursor a native one that has a row
   * @param {number} columns
   */
  constructor(store, cursor, columns) {
    this.#store = store;
    this.#cursor = cursor;
    this.#columns = columns;
  }

  /** All rows of the cursor were taken. */
  get isAtEnd() {
    return this.#isLast && this.#taken === this.#rows.length;
  }

  /** @param {import('./row-shapes').RowFactory} make */
  #has(make) {
    const { sqlTaken } = this.#store;
    return make === this.#make && sqlTaken[this.#place] === this.#taken;
  }

  /**
   * @param {import('./row-shapes').RowFactory} make
   * @returns {any} the next row; undefined: what was read ahead is worth nothing now, the native cursor has to be asked
   */
  take(make) {
    if (this.#taken === this.#rows.length) {
      this.#read(make);
    } else {
      this.#store.checkReader();
      if (!this.#has(make)) return undefined;
    }
    const row = this.#rows[this.#taken];
    if (row !== undefined) this.#count(this.#taken + 1);
    return row;
  }

  /**
   * @param {import('./row-shapes').RowFactory} make
   * @returns {any[]} the rows that are here
   */
  takeAll(make) {
    this.#store.checkReader();
    if (this.#taken === this.#rows.length || !this.#has(make)) return [];
    const rows = this.#rows.slice(this.#taken);
    this.#count(this.#rows.length);
    return rows;
  }

  /** @param {number} taken */
  #count(taken) {
    this.#taken = taken;
    if (!this.isRefused) this.#store.sqlTaken[this.#place] = taken;
  }

  /** @param {import('./row-shapes').RowFactory} make */
  #read(make) {
    const store = this.#store;
    this.#rows = [];
    this.#taken = 0;
    this.#make = make;
    if (!store.sqlAhead(this.#cursor, this.#rowsNext)) return;
    const { sqlState } = store;
    this.#isLast = sqlState[2] === 0;
    this.#place = sqlState[7];
    this.isRefused = this.#place < 0;
    const rows = new Array(sqlState[3]);
    for (let row = 0; row < rows.length; row += 1)
      rows[row] = make(store.rows, row * this.#columns);
    this.#rows = rows;
    store.rows.end();
    this.#rowsNext = Math.min(kRowsMax, 2 * this.#rowsNext);
  }
}

module.exports = { ReadAhead };
