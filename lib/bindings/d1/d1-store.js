'use strict';
// D1Store: one D1 database (spec S8.7.1): the object's own database, with the rules of an object's SQL.

const { DurableObject } = require('../../workers/durable-object');

/** @typedef {{sql: string, params: any[]}} Query `params` as of bind() */
/** @typedef {{columns: string[], rows: any[][], meta: object}} QueryResult */

class D1Store extends DurableObject {
  /**
   * All of them, or none: one transaction.
   * @param {Query[]} queries
   * @param {boolean} wantsBookmark
   * @returns {Promise<{results: QueryResult[], bookmark?: string} | {error: string}>}
   */
  async query(queries, wantsBookmark) {
    const meant = queries.filter(({ sql }) => sql.replace(/^\s*--.*/gm, '').trim() !== '');
    if (meant.length === 0) return { error: 'No SQL statements detected.' };
    const { storage } = this.ctx;
    try {
      const results = storage.transactionSync(() => meant.map((query) => this.#run(query)));
      return wantsBookmark
        ? { results, bookmark: await storage.getCurrentBookmark() }
        : { results };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @param {Query} query @returns {QueryResult} */
  #run({ sql, params }) {
    const before = this.#state();
    const start = performance.now();
    const cursor = this.ctx.storage.sql.exec(sql, ...params.map(toSql));
    const columns = cursor.columnNames;
    const rows = [...cursor.raw()].map((row) => row.map(fromSql));
    const duration = performance.now() - start;
    const after = this.#state();
    const changes = after.changes - before.changes;
    const meta = {
      served_by: 'holdfast.db',
      served_by_primary: true,
      total_attempts: 1,
      timings: { sql_duration_ms: duration },
      duration,
      changes,
      last_row_id: after.lastRowId,
      changed_db:
        changes !== 0 || after.lastRowId !== before.lastRowId || after.size !== before.size,
      size_after: after.size,
      rows_read: cursor.rowsRead,
      rows_written: cursor.rowsWritten,
    };
    return { columns, rows, meta };
  }

  #state() {
    const { sql } = this.ctx.storage;
    const query = 'SELECT total_changes() AS changes, last_insert_rowid() AS lastRowId';
    return { ...sql.exec(query).one(), size: sql.databaseSize };
  }
}

/** bind() gives bytes as numbers. @param {any} value */
const toSql = (value) => (Array.isArray(value) ? new Uint8Array(value).buffer : value);

/** Results of D1 travel as JSON, which knows no infinity and no negative zero. @param {any} value */
function fromSql(value) {
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (value === Infinity || value === -Infinity) return null;
  return value === 0 ? 0 : value;
}

module.exports = { D1Store };
