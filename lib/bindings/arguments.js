'use strict';
// How bindings take their arguments, as the C++ classes of Workers do (spec S0.1.7).

const { parameterError } = require('../web/errors');

/** `int`: what is no number counts as 0. @param {any} value @returns {number} */
function toInt(value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return 0;
  if (number < -2147483648 || number > 2147483647) {
    throw new TypeError(
      'Value out of range. Must be between -2147483648 and 2147483647 (inclusive).',
    );
  }
  return Math.trunc(number);
}

/** @template T @param {any} value @param {(value: any) => T} convert @returns {T | undefined} */
const optional = (value, convert) => (value === undefined ? undefined : convert(value));

/**
 * A struct of options, which may be left out.
 * @param {any} value
 * @param {string} method
 * @param {string} owner
 * @param {number} position
 * @param {string} type
 * @returns {any}
 */
function toOptions(value, method, owner, position, type) {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' || typeof value === 'function') return value;
  throw parameterError(method, owner, position, type);
}

module.exports = { optional, toInt, toOptions };
