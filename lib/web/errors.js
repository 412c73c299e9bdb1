// The texts of argument errors (S0.1.7) and the DOMExceptions the web classes throw, in one place.
'use strict';

/** @param {string} name @param {string} iface @param {number} n 1-based @param {string} type */
function parameterError(name, iface, n, type) {
  return new TypeError(
    `Failed to execute '${name}' on '${iface}': parameter ${n} is not of type '${type}'.`,
  );
}

/** A method of an object of the runtime was called as one of something else. */
function illegalInvocation() {
  return new TypeError(
    'Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.',
  );
}

/** @param {string} iface @param {number} n 1-based @param {string} type */
function constructorError(iface, n, type) {
  return new TypeError(
    `Failed to construct '${iface}': constructor parameter ${n} is not of type '${type}'.`,
  );
}

/** @param {string} field @param {string} struct @param {string} type */
function fieldError(field, struct, type) {
  return new TypeError(
    `Incorrect type for the '${field}' field on '${struct}': the provided value is not of type '${type}'.`,
  );
}

/** @param {number} index @param {string} type */
function elementError(index, type) {
  return new TypeError(
    `Incorrect type for array element ${index}: the provided value is not of type '${type}'.`,
  );
}

/** A value inside a sequence is no sequence. */
const sequenceError = () =>
  new TypeError("Incorrect type: the provided value is not of type 'Sequence'.");

/** @param {string} iface */
function newOperatorError(iface) {
  return new TypeError(
    `Failed to construct '${iface}': Please use the 'new' operator, this object constructor cannot be called as a function.`,
  );
}

const bodyUsedError = () =>
  new TypeError(
    'Body has already been used. It can only be used once. Use tee() first if you need to read it twice.',
  );

const streamLockedError = () =>
  new TypeError('This ReadableStream is currently locked to a reader.');

const notBytesError = () => new TypeError('This ReadableStream did not return bytes.');

/** Another host cannot be reached, or is gone: worth another try. @param {unknown} cause */
const connectionLost = (cause) =>
  Object.assign(new Error('Network connection lost.', cause === undefined ? {} : { cause }), {
    retryable: true,
  });

module.exports = {
  illegalInvocation,
  parameterError,
  constructorError,
  elementError,
  fieldError,
  sequenceError,
  newOperatorError,
  bodyUsedError,
  streamLockedError,
  notBytesError,
  connectionLost,
};
