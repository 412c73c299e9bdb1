'use strict';
// Exceptions that nobody waits for are reported, never fatal (spec S2.7.5, S6.7.5).

const { inspect, types } = require('node:util');

/**
 * What was thrown, by the copy that a caller was given. Copies have no stack (S7.8.2), and whoever reads the report wants
 * to know where it happened.
 * @type {WeakMap<object, object>}
 */
const thrownBy = new WeakMap();

/** @param {object} copy another object than `thrown` @param {unknown} thrown */
function rememberThrown(copy, thrown) {
  if (typeof thrown === 'object' && thrown !== null && thrown !== copy) thrownBy.set(copy, thrown);
}

/** @param {any} error @returns {any} what was thrown where it began */
function originOf(error) {
  let thrown = error;
  while (thrownBy.has(thrown)) thrown = thrownBy.get(thrown);
  return thrown;
}

/** @param {unknown} error */
function reportError(error) {
  console.error(`Uncaught ${describe(error)}`);
}

/** With its stack. @param {any} error @returns {string} */
function describe(error) {
  const thrown = originOf(error);
  if (typeof thrown === 'string') return thrown;
  try {
    const isError = thrown instanceof Error || types.isNativeError(thrown); // of any realm
    return isError ? `${thrown.stack ?? thrown}` : inspect(thrown);
  } catch {
    return 'a value that cannot be shown'; // its properties throw
  }
}

module.exports = { describe, originOf, reportError, rememberThrown };
