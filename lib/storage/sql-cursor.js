'use strict';
// Cursor: the rows of one exec (spec S4.5).

const { kNotStorable } = require('./refusals');
const { RawIterator, RowIterator } = require('./row-iterators');

/** @type {Map<string, (values: any[]) => any>} row factories by column names */
const factories = new Map();
const kFactoriesMax = 1000;

/**
 * A function that shapes an array of values into a row object, compiled once per set of column names so that all rows
 * share one hidden class. Later duplicates win (S4.4.2); a column called __proto__ does not appear, as on workerd.
 * @param {string[]} names
 * @returns {(values: any[]) => any}
 */
function rowFactory(names) {
  const key = JSON.stringify(names);
  let factory = factories.get(key);
  if (factory === undefined) {
    if (factories.size >= kFactoriesMax) factories.clear();
    const fields = names
      .map((name, i) => (name === '__proto__' ? '' : `[${JSON.stringify(name)}]: v[${i}]`))
      .filter(Boolean)
      .join(', ');
    factory = /** @type {(values: any[]) => any} */ (new Function('v', `return { ${fields} };`));
    factories.set(key, factory);
  }
  return factory;
}

class Cursor {
  #store;
  #cursor;
  #shape;
  #rowsRead;
  #rowsWritten;
  /** @type {string[]} */
  #columnNames;

  /**
   * @param {import('./object-store').ObjectStore} store
   * @param {[cursor: number, columnNames: string[], rowsRead: number, rowsWritten: number]} opened
   */
  constructor(store, [cursor, columnNames, rowsRead, rowsWritten]) {
    this.#store = store;
    this.#cursor = cursor;
    this.#columnNames = columnNames;
    this.#rowsRead = rowsRead;
    this.#rowsWritten = rowsWritten;
    this.#shape = rowFactory(columnNames);
    if (cursor !== 0) store.cursors.register(this, cursor, this);
  }

  get [Symbol.toStringTag]() {
    return 'Cursor';
  }

  get columnNames() {
    return [...this.#columnNames];
  }

  get rowsRead() {
    return this.#counts()[0];
  }

  get rowsWritten() {
    return this.#counts()[1];
  }

  /** @returns {[number, number]} */
  #counts() {
    const counts = this.#cursor === 0 ? undefined : this.#store.sqlCounts(this.#cursor);
    return counts === undefined ? [this.#rowsRead, this.#rowsWritten] : [counts[0], counts[1]];
  }

  /** Gives the native cursor back once it has no row left. */
  #settle() {
    if (this.#cursor === 0) return;
    const counts = this.#store.sqlCounts(this.#cursor);
    if (counts !== undefined) {
      [this.#rowsRead, this.#rowsWritten] = counts;
      if (counts[2]) return;
      this.#store.cursorClose(this.#cursor);
    }
    this.#store.cursors.unregister(this);
    this.#cursor = 0;
  }

  /** @returns {any[] | undefined} */
  #take() {
    if (this.#cursor === 0) return undefined;
    const row = this.#store.sqlNext(this.#cursor);
    this.#settle();
    return row;
  }

  /** @returns {any[][]} */
  #takeAll() {
    if (this.#cursor === 0) return [];
    const rows = this.#store.sqlAll(this.#cursor);
    this.#settle();
    return rows;
  }

  #takeShaped() {
    const row = this.#take();
    return row === undefined ? undefined : this.#shape(row);
  }

  /** S4.5.1 @returns {{done: boolean, value: any}} */
  next() {
    const value = this.#takeShaped();
    return { done: value === undefined, value };
  }

  /** S4.5.3 @returns {any[]} */
  toArray() {
    return this.#takeAll().map(this.#shape);
  }

  /** S4.5.4 @returns {any} */
  one() {
    const row = this.#take();
    if (row === undefined) {
      throw new Error('Expected exactly one result from SQL query, but got no results.');
    }
    if (this.#cursor !== 0) {
      throw new Error('Expected exactly one result from SQL query, but got multiple results.');
    }
    return this.#shape(row);
  }

  /** S4.5.5 @returns {IterableIterator<any[]> & {toArray(): any[][]}} */
  raw() {
    return /** @type {any} */ (
      new RawIterator(
        () => this.#take(),
        () => this.#takeAll(),
      )
    );
  }

  /** S4.5.2: shares the cursor's position. @returns {IterableIterator<any>} */
  [Symbol.iterator]() {
    return /** @type {any} */ (
      new RowIterator(
        () => this.#takeShaped(),
        () => this.toArray(),
      )
    );
  }
}

Object.defineProperty(Cursor.prototype, kNotStorable, { value: true });

/** Named for `instanceof` (S4.1.1); made by sql.prepare(), which needs the `experimental` flag and is not supported. */
class Statement {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

module.exports = { Cursor, Statement };
