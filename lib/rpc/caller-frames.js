'use strict';
// The stack of an error that came over RPC: the callee's frames stay on its side (S7.8.2), and what its caller is shown are the
// functions that await the call.
//
// V8 finds those while it runs a reaction of a promise that they await, so the stack is captured in one. Only calls that fail pay.

/** @param {any} error @returns {error is Error} it has no frames */
const isBare = (error) =>
  error instanceof Error && error.stack === `${error.name}: ${error.message}`;

/**
 * @param {Error} error bare
 * @returns {Promise<never>} rejects with it; who resolves a promise with this one gives the error the frames of those that await it
 */
function rejectedWithFrames(error) {
  /** @type {(error: Error) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const given = new Promise((_resolve, reject) => (fail = reject));
  // When the promise that is resolved with this one has attached itself.
  queueMicrotask(() => fail(error));
  return given.catch(capture);
}

/** @param {Error} error @returns {never} */
function capture(error) {
  if (isBare(error)) Error.captureStackTrace(error, capture); // a call that depends on this one may have had it before
  throw error;
}

module.exports = { isBare, rejectedWithFrames };
