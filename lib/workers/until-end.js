'use strict';
// untilEnd: what the code of a Worker asks for, and its invocation's end (spec S9.1.2): what comes after that comes to nobody, for that code
// does not go on, as on Workers.
//
// What runs in the name of an invocation that is over already gets its answers: only something of Node's that Workers does not have, such
// as a socket of node:net, can have called it.

const { current } = require('../current');

/** @typedef {import('./invocation').Invocation} Invocation */

/**
 * The invocation whose code runs now, when that has not ended.
 * @param {import('../current').Context | undefined} [context] whose code that is
 * @returns {Invocation | undefined}
 */
function liveInvocation(context = current.context) {
  return context !== undefined && !context.isObject && context.isLive ? context : undefined;
}

/**
 * Settles as `promise` does, unless the invocation whose code asks has ended by then.
 * @template T
 * @param {PromiseLike<T>} promise
 * @param {(value: T) => void} [drop] what nobody gets
 * @returns {Promise<T>}
 */
function untilEnd(promise, drop) {
  const invocation = liveInvocation();
  if (invocation === undefined) return /** @type {Promise<T>} */ (promise);
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => {
        if (invocation.isLive) resolve(value);
        else drop?.(value);
      },
      (error) => {
        if (invocation.isLive) reject(error);
      },
    );
  });
}

module.exports = { liveInvocation, untilEnd };
