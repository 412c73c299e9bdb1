'use strict';
// D1PreparedStatement: a statement with its values (spec S8.7.1). Error texts are those of Workers.

const { toObject, toResult } = require('./d1-result');

class D1PreparedStatement {
  #session;

  /** @param {import('./d1-session').D1DatabaseSession} session @param {string} statement @param {any[]} [params] */
  constructor(session, statement, params = []) {
    this.#session = session;
    this.statement = statement;
    this.params = params;
  }

  /** @param {any[]} values @returns {D1PreparedStatement} with these values */
  bind(...values) {
    return new D1PreparedStatement(this.#session, this.statement, values.map(toParam));
  }

  /** @param {string} [column] @returns {Promise<any>} the first row or its cell; null: there is none */
  async first(column) {
    const { columns, rows } = await this.#run();
    if (rows.length === 0) return null;
    const row = toObject(columns, rows[0]);
    if (column === undefined) return row;
    if (row[column] !== undefined) return row[column];
    throw new Error(`D1_COLUMN_NOTFOUND: Column not found (${column})`, {
      cause: new Error('Column not found'),
    });
  }

  /** @returns {Promise<object>} */
  run() {
    return this.all();
  }

  /** @returns {Promise<object>} */
  async all() {
    return toResult(await this.#run());
  }

  /** @param {{columnNames?: boolean}} [options] @returns {Promise<any[][]>} */
  async raw(options) {
    const { columns, rows } = await this.#run();
    return options?.columnNames ? [columns, ...rows] : rows;
  }

  async #run() {
    const [result] = await this.#session._query([{ sql: this.statement, params: this.params }]);
    return result;
  }
}

/** @param {any} value @returns {any} */
function toParam(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null; // as on its way through JSON
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const isByte = (/** @type {any} */ item) => typeof item === 'number' && item >= 0 && item < 256;
  if (Array.isArray(value) && value.every(isByte)) return value;
  if (value?.[Symbol.toStringTag] === 'ArrayBuffer') return [...new Uint8Array(value)];
  if (ArrayBuffer.isView(value)) return Array.from(/** @type {any} */ (value));
  const text = `Type '${typeof value}' not supported for value '${value}'`;
  throw new Error(`D1_TYPE_ERROR: ${text}`, { cause: new Error(text) });
}

module.exports = { D1PreparedStatement };
