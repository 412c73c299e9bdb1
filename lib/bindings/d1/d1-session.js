'use strict';
// D1DatabaseSession: sends queries, and remembers how far its reads have come (spec S8.7.1). Error texts are those of Workers.

const { D1PreparedStatement } = require('./d1-statement');
const { toResult } = require('./d1-result');

/** @typedef {(method: string, ...args: any[]) => Promise<any>} Call of the store of this database */
/** @typedef {import('./d1-store').QueryResult} QueryResult */

const kConstraints = ['first-primary', 'first-unconstrained'];

class D1DatabaseSession {
  #call;
  /** @type {string | null} */
  #position;

  /** @param {Call} call @param {string | null} position a bookmark, a constraint, or null: always the newest, without bookmarks */
  constructor(call, position) {
    this.#call = call;
    this.#position = position;
  }

  /** @param {string} sql @returns {D1PreparedStatement} */
  prepare(sql) {
    return new D1PreparedStatement(this, sql);
  }

  /** @param {D1PreparedStatement[]} statements @returns {Promise<object[]>} */
  async batch(statements) {
    const queries = statements.map(({ statement: sql, params }) => ({ sql, params }));
    return (await this._query(queries)).map(toResult);
  }

  /** @returns {string | null} */
  getBookmark() {
    const position = this.#position;
    return position === null || kConstraints.includes(position) ? null : position;
  }

  /** @param {{sql: string, params: any[]}[]} queries @returns {Promise<QueryResult[]>} */
  async _query(queries) {
    const { results, error } = await this._send(queries);
    if (results !== undefined) return results;
    throw new Error(`D1_ERROR: ${error}`, { cause: new Error(error) });
  }

  /** @param {{sql: string, params: any[]}[]} queries @returns {Promise<{results?: QueryResult[], error?: string}>} */
  async _send(queries) {
    const answer = await this.#call('query', queries, this.#position !== null);
    const { bookmark } = answer;
    const known = this.getBookmark();
    if (bookmark !== undefined && (known === null || known < bookmark)) this.#position = bookmark;
    return answer;
  }
}

module.exports = { D1DatabaseSession };
