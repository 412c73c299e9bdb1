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
  // The reset of an object that the thrower had called: the error passes through (S1.9.5).
  if (isSet(thrown, 'durableObjectReset')) error.durableObjectReset = true;
  else if (detail !== undefined && id !== undefined) error.durableObjectId = id;
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

/**
 * S7.8.2
 * @param {any} thrown
 * @param {(value: unknown) => unknown} copy
 * @param {(error: any) => void} [onMade] before the properties are copied
 */
function enhancedError(thrown, copy, onMade) {
  const make = kBuiltIn.get(thrown.name);
  const message = typeof thrown.message === 'string' ? thrown.message : '';
  const error = /** @type {any} */ ((make ?? kPlain)(message));
  onMade?.(error);
  for (const key of Object.getOwnPropertyNames(thrown)) {
    if (key === 'message' || key === 'stack' || (key === 'name' && make !== undefined)) continue;
    // All of them arrive enumerable, also `cause` and `errors`.
    Object.defineProperty(error, key, {
      value: copy(thrown[key]),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  if (make === undefined && !Object.hasOwn(error, 'name')) {
    Object.defineProperty(error, 'name', {
      value: String(thrown.name),
      enumerable: true,
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

module.exports = { tunnelError, enhancedCopy, enhancedError, legacyError, isSet, kFlags };
