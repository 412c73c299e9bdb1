'use strict';
// What stands between a value and V8's serializer (spec S3.8.2, S3.8.4, S3.8.6): objects of the runtime are refused; errors,
// Buffers, stubs and the objects that have a stored form, which V8 would not write as workerd does, are replaced.
//
// The happy path is one look at the value. Only if something in it must be replaced is it copied, all of it, so that shared
// references and cycles stay what they are.

const { types } = require('node:util');
const { isStoredError, recordError } = require('./error-codec');
const { hostFormOf, recordBytes, recordHostObject } = require('./host-objects');
const { kDescribe } = require('../rpc/invoke');
const { checkStorable } = require('./refusals');

/** @typedef {import('./value-codec').Form} How */

/** @typedef {{how: How, seen: Map<object, any>}} State */

/**
 * @param {any} value
 * @param {How} how
 * @returns {any} `value` itself when nothing is to be replaced
 * @throws {DOMException} DataCloneError
 */
function prepare(value, how) {
  if (typeof value !== 'object' && typeof value !== 'function') return value;
  const seen = new Set();
  if (!needsReplacing(value, how, seen)) return value;
  return copy(value, { how, seen: new Map() });
}

/** A view of a shared pool (Node's Buffer) would drag its whole pool into the row.
 * @param {unknown} value */
const isPooled = (value) =>
  Buffer.isBuffer(value) && value.byteLength !== /** @type {Buffer} */ (value).buffer.byteLength;

/** @param {any} value @param {How} how */
const isReplacedError = (value, { enhancedErrors }) =>
  isStoredError(value) && (enhancedErrors !== false || value instanceof DOMException);

/** What can be written down only where stubs may be stored. @param {any} value @param {How} how */
const isStoredStub = (value, { stubs }) =>
  stubs !== undefined &&
  !(typeof value === 'object' && types.isProxy(value)) && // one may seem to have any member
  typeof value[kDescribe] === 'function';

/** @param {any} value an object @returns {boolean} of a kind most values are, which nothing refuses */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}

/**
 * The whole value is looked at, whatever is found: it may hold something that is refused.
 * @param {any} value
 * @param {How} how
 * @param {Set<object>} seen
 * @returns {boolean}
 */
function needsReplacing(value, how, seen) {
  if (typeof value === 'function') {
    if (isStoredStub(value, how)) return true;
    checkStorable(value); // stubs are callable
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return isPooled(value);
  if (!isPlain(value)) {
    if (isReplacedError(value, how) || hostFormOf(value) !== undefined) return true;
    if (isStoredStub(value, how)) return true;
    checkStorable(value);
  }
  let found = false;
  for (const item of items(value)) if (needsReplacing(item, how, seen)) found = true;
  return found;
}

/** @param {any} value @returns {Iterable<any>} what it holds; accessors are left to the serializer (S3.8.7) */
function items(value) {
  if (types.isMap(value)) return [...value].flat();
  if (types.isSet(value)) return value;
  if (!isContainer(value)) return [];
  return Object.values(Object.getOwnPropertyDescriptors(value)).flatMap((slot) =>
    slot.enumerable && 'value' in slot ? [slot.value] : [],
  );
}

/** @param {any} value an array, a plain object or a class instance (S3.8.5); the rest has a shape of its own and holds no views */
const isContainer = (value) =>
  Array.isArray(value) ||
  (Object.prototype.toString.call(value) === '[object Object]' && !types.isProxy(value));

/**
 * @param {any} value
 * @param {State} state
 * @returns {any}
 */
function copy(value, state) {
  const isFunction = typeof value === 'function';
  if ((typeof value !== 'object' && !isFunction) || value === null) return value;
  const { how, seen } = state;
  if (seen.has(value)) return seen.get(value);
  const keep = (/** @type {any} */ result) => {
    seen.set(value, result);
    return result;
  };
  if (how.stubs !== undefined && isStoredStub(value, how)) {
    const { tag, bytes } = how.stubs.write(value);
    return keep(recordBytes(tag, bytes));
  }
  if (isFunction) return value;
  if (isPooled(value)) return keep(Uint8Array.from(value));
  if (isReplacedError(value, how)) {
    recordError(value, (properties) => prepareInner(properties, state), keep);
    return seen.get(value);
  }
  const form = isPlain(value) ? undefined : hostFormOf(value);
  if (form !== undefined) {
    recordHostObject(form, value, (inner) => prepareInner(inner, state), keep);
    return seen.get(value);
  }
  if (types.isMap(value)) {
    const result = keep(new Map());
    for (const [key, item] of value) result.set(copy(key, state), copy(item, state));
    return result;
  }
  if (types.isSet(value)) {
    const result = keep(new Set());
    for (const item of value) result.add(copy(item, state));
    return result;
  }
  if (!isContainer(value)) return value;
  // V8 writes arrays with holes in another form, so a copy has only those that were there.
  const result = keep(Array.isArray(value) ? [] : {});
  if (Array.isArray(value) && !(value.length - 1 in value)) result.length = value.length;
  for (const key of Object.keys(value)) {
    const item = copy(value[key], state);
    if (key === '__proto__') Object.defineProperty(result, key, { value: item, ...kOrdinary });
    else result[key] = item;
  }
  return result;
}

/** Nothing has looked at what a replaced object holds so far. @param {any} inner @param {State} state */
function prepareInner(inner, state) {
  needsReplacing(inner, state.how, new Set());
  return copy(inner, state);
}

const kOrdinary = { enumerable: true, writable: true, configurable: true };

module.exports = { prepare };
