'use strict';
// ExperimentalSqlStorage: ctx.storage.sql of a Worker with the `experimental` flag (spec S4.14).

const { checkGiven } = require('./arguments');
const { SqlStorage, checkSqlite } = require('./sql-storage');
const { asStatement } = require('./sql-statement');

const kOwner = 'SqlStorage';

class ExperimentalSqlStorage extends SqlStorage {
  #store;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    super(store);
    this.#store = store;
  }

  /** Tells of its cursor whether the statement was compiled already. @param {string} query @param {...unknown} bindings */
  exec(query, ...bindings) {
    checkGiven(arguments, 1, 'exec', kOwner, 'String');
    const cursor = super.exec(query, ...bindings);
    const value = this.#store.sqlReused();
    Object.defineProperty(cursor, 'reusedCachedQueryForTest', { value, configurable: true });
    return cursor;
  }

  /**
   * S4.14.1: nothing is compiled or run before the call of what is returned.
   * @param {string} query
   * @returns {(...bindings: unknown[]) => import('./sql-cursor').Cursor}
   */
  prepare(query) {
    checkGiven(arguments, 1, 'prepare', kOwner, 'String');
    const text = `${query}`;
    return asStatement((...bindings) => this.exec(text, ...bindings));
  }

  /**
   * S4.14.2: runs every complete statement of `text`.
   * @param {string} text
   * @returns {{remainder: string, rowsRead: number, rowsWritten: number, statementCount: number}}
   */
  ingest(text) {
    checkGiven(arguments, 1, 'ingest', kOwner, 'string');
    checkSqlite(this.#store);
    const [remainder, statementCount, rowsRead, rowsWritten] = this.#store.sqlIngest(`${text}`);
    return { remainder, rowsRead, rowsWritten, statementCount };
  }

  /** A write that makes the database larger fails with SQLITE_FULL. @param {number} pages */
  setMaxPageCountForTest(pages) {
    checkGiven(arguments, 1, 'setMaxPageCountForTest', kOwner, 'integer');
    checkSqlite(this.#store);
    this.#store.setPageCountMax(Math.trunc(+pages) || 0);
  }
}
Object.defineProperty(ExperimentalSqlStorage, 'name', { value: 'SqlStorage' });

module.exports = { ExperimentalSqlStorage };
