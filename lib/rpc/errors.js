'use strict';
// How an exception crosses from an object or Worker to its caller (spec S1.9.5, S7.8).

const { types } = require('node:util');
const { rememberThrown } = require('../report-error');

const { CompileError, LinkError, RuntimeError } = /** @type {any} */ (globalThis).WebAssembly;
/** @type {any[]} */
const kTypes = [
  Error,
  RangeError,
  TypeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
  CompileError,
  LinkError,
  RuntimeError,
];
/** @type {Map<string, (message: string) => Error>} the types that keep their class on the way (S7.8.1) */
const kBuiltIn = new Map(
  kTypes.map((Type) => [
    Type.name,
    Type === AggregateError
      ? (message) => new AggregateError([], message)
      : (message) => new Type(message),
  ]),
);

const kFlags = /** @type {const} */ (['retryable', 'overloaded']);

/**
 * The error a caller sees for `thrown`: a copy, never the callee's own object (S7.2.5).
 * @param {unknown} thrown
 * @param {object} options
 * @param {boolean} options.enhanced flag enhanced_error_serialization
 * @param {(value: unknown) => unknown} options.copy throws for what cannot cross
 * @param {string} [options.id] of the object it comes from by RPC (S1.9.5)
 * @returns {any}
 */
function tunnelError(thrown, { enhanced, copy, id }) {
  const detail = enhanced ? enhancedCopy(thrown, copy) : undefined;
  const error = detail ?? legacyError(thrown);
  rememberThrown(error, thrown);
  for (const flag of kFlags) if (isSet(thrown, flag)) error[flag] = true;
  if (isSet(thrown, 'durableObjectReset')) {
    error.durableObjectReset = true;
    return error;
  }
  if (detail !== undefined && id !== undefined) error.durableObjectId = id;
  error.remote = true;
  return error;
}

// What was thrown may be anything, also an object whose properties throw.
/** @param {any} thrown @param {string} flag */
function isSet(thrown, flag) {
  try {
    return Boolean(thrown?.[flag]);
  } catch {
    return false;
  }
}

/**
 * S7.8.2
 * @param {unknown} thrown
 * @param {(value: unknown) => unknown} copy
 * @returns {any} undefined: one property cannot cross, so the whole detail is dropped; primitives and DOMExceptions have none
 */
function enhancedCopy(thrown, copy) {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof DOMException)
    return undefined;
  try {
    return isError(thrown) ? enhancedError(thrown, copy) : copy(thrown);
  } catch {
    return undefined;
  }
}

/** @param {unknown} value @returns {value is Error} of any realm */
const isError = (value) => value instanceof Error || types.isNativeError(value);

/** @param {string} message @returns {Error} */
const kPlain = (message) => new Error(message);

/** S7.8.2 @param {any} thrown @param {(value: unknown) => unknown} copy */
function enhancedError(thrown, copy) {
  const make = kBuiltIn.get(thrown.name) ?? kPlain;
  const error = /** @type {any} */ (make(String(thrown.message)));
  for (const key of Object.getOwnPropertyNames(thrown)) {
    if (key === 'message' || key === 'stack') continue;
    // All of them arrive enumerable, also `cause` and `errors`.
    Object.defineProperty(error, key, {
      value: copy(thrown[key]),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  if (!kBuiltIn.has(thrown.name) && !Object.hasOwn(error, 'name')) {
    Object.defineProperty(error, 'name', {
      value: String(thrown.name),
      enumerable: false,
      writable: true,
      configurable: true,
    });
  }
  return withoutStack(error);
}

/** S7.8.1: only String(thrown) crosses. @param {unknown} thrown @returns {any} */
function legacyError(thrown) {
  if (thrown instanceof DOMException)
    return withoutStack(new DOMException(thrown.message, thrown.name));
  const text = describe(thrown);
  const match = /^([A-Za-z]+)(?:: ([^]*))?$/.exec(text);
  const make = match && kBuiltIn.get(match[1]);
  return withoutStack(make && match ? make(match[2] ?? '') : new Error(text));
}

/** @param {unknown} thrown */
function describe(thrown) {
  try {
    if (typeof thrown !== 'object' || thrown === null || isError(thrown)) return String(thrown);
    return `#<${thrown.constructor?.name ?? 'Object'}>`;
  } catch {
    return '#<Object>';
  }
}

// The callee's stack stays on its side (S7.8.2); the one made here would show the runtime's own frames.
/** @template {Error} T @param {T} error @returns {T} */
function withoutStack(error) {
  Object.defineProperty(error, 'stack', {
    value: `${error.name}: ${error.message}`,
    enumerable: false,
    writable: true,
    configurable: true,
  });
  return error;
}

/** Why a facet was reset, as its parent gave it: callers get a copy, properties included, and no flags (S1.15.3). */
class GivenReason {
  #reason;

  /** @param {unknown} reason */
  constructor(reason) {
    this.#reason = reason;
  }

  /** @returns {any} */
  error() {
    const error = enhancedCopy(this.#reason, copies.detail) ?? legacyError(this.#reason);
    rememberThrown(error, this.#reason);
    for (const flag of kFlags) if (isSet(this.#reason, flag)) error[flag] = true;
    return error;
  }
}

/**
 * Filled in by transfer.js, which requires this file.
 * @type {{detail: (value: unknown) => unknown}}
 */
const copies = /** @type {any} */ ({});

/** Errors that carry no flag at all. @type {WeakSet<object>} */
const unflagged = new WeakSet();

/**
 * Why an object is reset whose writes could not be committed.
 * @param {string} message
 */
function commitError(message) {
  const error = new Error(message);
  if (message.includes(kConstraint)) unflagged.add(error);
  return error;
}

/** S4.11.2 */
const kConstraint = 'left the database in a state where constraints were violated';

/**
 * The error of an object that was reset (S1.9.5): a fresh copy for each caller.
 * @param {unknown} reason
 * @returns {any}
 */
function resetError(reason) {
  if (reason instanceof GivenReason) return reason.error();
  const error = legacyError(reason);
  rememberThrown(error, reason);
  if (typeof reason === 'object' && reason !== null && unflagged.has(reason)) return error;
  error.durableObjectReset = true;
  if (/** @type {any} */ (reason)?.overloaded) error.overloaded = true;
  return error;
}

module.exports = { tunnelError, resetError, commitError, GivenReason, copies };
