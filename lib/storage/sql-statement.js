'use strict';
// Statement: what sql.prepare() gives (spec S4.14.1): a function of the bindings that runs the query.

const { kNotStorable } = require('./refusals');

/** Named for `instanceof` (S4.1.1). */
class Statement {
  constructor() {
    throw new TypeError('Illegal constructor');
  }

  get [Symbol.toStringTag]() {
    return 'Statement';
  }
}

Object.defineProperty(Statement.prototype, kNotStorable, { value: true });

/**
 * @template {(...bindings: unknown[]) => import('./sql-cursor').Cursor} Run
 * @param {Run} run made for this statement, which becomes it
 * @returns {Run}
 */
function asStatement(run) {
  Object.setPrototypeOf(run, Statement.prototype);
  for (const name of ['name', 'length']) delete (/** @type {any} */ (run)[name]);
  return run;
}

module.exports = { Statement, asStatement };
