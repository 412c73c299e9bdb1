'use strict';
// How an exception crosses from an object or Worker to its caller (spec S1.9.5, S7.8).

const { types } = require('node:util');
const { rememberThrown } = require('../report-error');
const { define, nameText } = require('../storage/error-codec');
const { detailString } = require('./detail-string');

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

/** As V8 makes it, without errors. @param {string} message */
function aggregateError(message) {
  const error = new AggregateError([], message);
  delete (/** @type {any} */ (error).errors);
  return error;
}

/** @type {Map<string, (message: string) => Error>} the types that keep their class on the way (S7.8.1) */
const kBuiltIn = new Map(
  kTypes.map((Type) => [
    Type.name,
    Type === AggregateError ? aggregateError : (message) => new Type(message),
  ]),
);

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
  if (unreadable.delete(/** @type {any} */ (thrown))) return thrown; // a result: its caller finds out
  if (id !== undefined) noteObject(thrown, id);
  const detail = enhanced ? enhancedCopy(thrown, copy) : undefined;
  const error = detail ?? legacyError(thrown);
  rememberThrown(error, thrown);
  error.remote = true;
  addFlag(error, thrown);
  return error;
}

/** On the thrown object itself, as in workerd: it crosses like its other properties. @param {any} thrown @param {string} id */
function noteObject(thrown, id) {
  if (typeof thrown !== 'object' || thrown === null || types.isProxy(thrown)) return;
  try {
    Reflect.set(thrown, 'durableObjectId', id);
  } catch {
    // a setter of the program
  }
}

/**
 * An exception is overloaded or retryable or neither, a DOMException always neither; what else it was is a property like others, which crosses with the detail.
 * @param {any} error
 * @param {any} thrown may be anything, also an object whose properties throw
 */
function addFlag(error, thrown) {
  if (thrown instanceof DOMException) return;
  if (isSet(thrown, 'overloaded')) error.overloaded = true;
  else if (isSet(thrown, 'retryable')) error.retryable = true;
}

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
    return copy(thrown);
  } catch {
    return undefined;
  }
}

/** @param {string} message @returns {Error} */
const kPlain = (message) => new Error(message);

/**
 * S7.8.2, S7.8.5
 * @param {any} thrown
 * @param {(value: unknown) => unknown} copy called for all that crosses, read or not
 * @param {(error: Error) => void} refuse it could be written, and cannot be read
 */
function enhancedError(thrown, copy, refuse) {
  const { name, message } = thrown;
  const make = kBuiltIn.get(nameText(name));
  const ownName = make === undefined ? copy(name) : undefined;
  if (typeof message !== 'string') {
    copy(message);
    refuse(cloneError(kNoMessage));
  }
  const error = /** @type {any} */ ((make ?? kPlain)(typeof message === 'string' ? message : ''));
  if (make === undefined) define(error, 'name', ownName);
  for (const key of Object.getOwnPropertyNames(thrown)) {
    if (kKnown.has(key) || isIndex(key)) continue;
    // All of them arrive enumerable, also `cause` and `errors`.
    define(error, key, copy(thrown[key]));
  }
  return withoutStack(error);
}

/** What in workerd is written, and then cannot be read: of an argument the callee finds out, of a result the caller. @type {WeakSet<object>} */
const unreadable = new WeakSet();

/** @template {object} T @param {T} error @returns {T} */
function unreadableError(error) {
  unreadable.add(error);
  return error;
}

/** An error that holds itself, or shared memory. */
const unreadableData = () => new Error('Unable to deserialize cloned data.');

/** @param {any} error that kept arguments from being copied */
function asArgumentError(error) {
  if (unreadable.delete(error)) error.remote = true;
  return error;
}

const kNoMessage = 'Deserialization failed: error message is not a string';
/** Crosses with the type, or not at all. The stack is not even looked at: V8 writes it out when it is. */
const kKnown = new Set(['name', 'message', 'stack', '__proto__']);

/** @param {string} key */
const isIndex = (key) => /^(0|[1-9]\d*)$/.test(key);

/** @param {string} message */
const cloneError = (message) => new DOMException(message, 'DataCloneError');

/** S7.8.1: only String(thrown) crosses. @param {unknown} thrown @returns {any} */
function legacyError(thrown) {
  if (thrown instanceof DOMException)
    return withoutStack(new DOMException(thrown.message, thrown.name));
  const text = describe(thrown);
  if (!isObject(thrown)) return withoutStack(new Error(text));
  // No regular expression: what overflowed the stack while it was copied comes here, and compiling one there ends the process.
  const colon = text.indexOf(': ');
  const make = kBuiltIn.get(colon < 0 ? text : text.slice(0, colon));
  if (make === undefined) return withoutStack(new Error(text));
  return withoutStack(make(colon < 0 ? '' : text.slice(colon + 2)));
}

/** @param {unknown} value */
const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @param {unknown} thrown */
function describe(thrown) {
  try {
    return (isObject(thrown) ? detailString(thrown) : String(thrown)).toWellFormed();
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

module.exports = {
  tunnelError,
  enhancedCopy,
  enhancedError,
  legacyError,
  addFlag,
  asArgumentError,
  unreadableData,
  unreadableError,
};
