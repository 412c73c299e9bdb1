'use strict';
// D1Database: what a D1 binding puts on env (spec S8.7.1). Error texts are those of Workers.

const { kNotStorable } = require('../../storage/refusals');
const { D1DatabaseSession } = require('./d1-session');

class D1Database {
  #call;
  #session;

  /** @param {import('./d1-session').Call} call */
  constructor(call) {
    this.#call = call;
    this.#session = new D1DatabaseSession(call, null);
  }

  get [Symbol.toStringTag]() {
    return 'WrappedBinding';
  }

  /** @param {string} sql */
  prepare(sql) {
    return this.#session.prepare(sql);
  }

  /** @param {import('./d1-statement').D1PreparedStatement[]} statements @returns {Promise<object[]>} */
  async batch(statements) {
    return this.#session.batch(statements);
  }

  /** Each line is a statement. @param {string} sql @returns {Promise<{count: number, duration: number}>} */
  async exec(sql) {
    const lines = sql.trim().split('\n');
    const { results, error } = await this.#session._send(
      lines.map((line) => ({ sql: line, params: [] })),
    );
    if (results === undefined) {
      // Which line it was is not told; Workers says the first.
      const text = `Error in line 1: ${lines[0]}: ${error}`;
      throw new Error(`D1_EXEC_ERROR: ${text}`, { cause: new Error(text) });
    }
    const durations = results.map(({ meta }) => /** @type {any} */ (meta).duration);
    return { count: results.length, duration: durations.reduce((sum, ms) => sum + ms, 0) };
  }

  /** @param {string} [constraintOrBookmark] @returns {D1DatabaseSession} */
  withSession(constraintOrBookmark) {
    return new D1DatabaseSession(this.#call, constraintOrBookmark?.trim() || 'first-unconstrained');
  }

  /** Only databases of D1's alpha had it. @returns {Promise<never>} */
  async dump() {
    throw new Error('D1_DUMP_ERROR: Status + 404', { cause: new Error('Status 404') });
  }

  /** @returns {Promise<never>} */
  async query() {
    throw new Error(
      'D1_ERROR: D1Database.query() requires the d1_binding_jsrpc compatibility flag. Enable d1_binding_jsrpc before calling query().',
    );
  }
}

Object.defineProperty(D1Database.prototype, kNotStorable, { value: true });

module.exports = { D1Database };
