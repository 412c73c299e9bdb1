'use strict';
// copy(): what a value is on the other side of a call (spec S7.5). One pass, no bytes: caller and callee are in one environment.

const { Blob, File } = require('node:buffer');
const { types } = require('node:util');
const { RpcTarget } = require('./rpc-target');
const { enhancedError, unreadableData, unreadableError } = require('./errors');
const { kPass } = require('./invoke');
const { isPlainObject } = require('./plain');
const { copyFunction, copyProxy, copyTarget } = require('./copy-reference');
const { isUncloneable, uncloneable, unsupported } = require('./uncloneable');
const { hostFormOf } = require('../storage/host-objects');
const { checkStorable, kNotStorable } = require('../storage/refusals');
const { deserialize, serialize } = require('../storage/value-codec');
const { transferPlatformObject, copyHeaders } = require('./platform-objects');

/**
 * @typedef {object} Transfer
 * @property {import('./target').Context | undefined} host where functions and targets of this value live
 * @property {any[]} stubs made or duplicated on the way
 * @property {Map<object, any>} seen
 * @property {any[]} passed stubs of objects and Workers, and classes, that were made on the way
 * @property {boolean} isDetail part of an exception: nothing may go by reference or move
 * @property {boolean} [isProps] stubs of objects and Workers may go all the same
 * @property {boolean} [dups] targets with a dup() method are duplicated by it (S7.6.2)
 * @property {boolean} [isResult] of a call
 * @property {boolean} [moves] stubs change hands: the sender's handle is disposed
 * @property {any[]} moved those of the sender
 * @property {Error} [unreadable] why the other side could not read it
 * @property {number} bytes no less than the serialised size so far
 */

/** @param {any} value @param {Transfer} state @returns {any} */
function copy(value, state) {
  switch (typeof value) {
    case 'symbol':
      throw uncloneable(value);
    case 'function':
      return copyFunction(value, state);
    case 'object':
      return value === null ? null : copyObject(value, state);
    case 'string':
      state.bytes += value.length * 2 + kTagBytes;
      return value;
    case 'bigint':
      state.bytes += bigintBytes(value);
      return value;
    default:
      state.bytes += kTagBytes;
      return value;
  }
}

/** No less than what a number, or a tag with a length, takes. */
const kTagBytes = 10;

/** @param {bigint} value */
const bigintBytes = (value) =>
  BigInt.asIntN(64, value) === value ? kTagBytes : value.toString(16).length + kTagBytes;

/** @param {any} value @param {Transfer} state @returns {any} */
function copyObject(value, state) {
  const known = state.seen.get(value);
  if (known === kUnfinished) return refuse(unreadableData(), state);
  if (known !== undefined) return known;
  state.bytes += kTagBytes;
  if (types.isProxy(value)) return copyProxy(value, state);
  if (Array.isArray(value)) return copyArray(value, state);
  if (isPlainObject(value)) return copyPlain(value, state);
  if (types.isSharedArrayBuffer(value)) return refuse(unreadableData(), state);
  const result = copyBuiltIn(value, state) ?? copyRuntimeObject(value, state);
  if (result === undefined) throw unsupported(value);
  state.seen.set(value, result);
  return result;
}

/** @param {any[]} value @param {Transfer} state */
function copyArray(value, state) {
  /** @type {any[]} */
  const result = new Array(value.length);
  state.seen.set(value, result);
  for (const key of Object.keys(value))
    result[/** @type {any} */ (key)] = copy(value[/** @type {any} */ (key)], state);
  return result;
}

/** @param {any} value @param {Transfer} state */
function copyPlain(value, state) {
  // The only plain objects that may have an iterator of their own; asking for each would cost more than the copy.
  if (value[Symbol.iterator] !== undefined && types.isArgumentsObject(value))
    throw uncloneable(value);
  /** @type {any} */
  const result = {};
  state.seen.set(value, result);
  for (const key of Object.keys(value)) {
    state.bytes += key.length * 2 + kTagBytes;
    const item = copy(value[key], state);
    if (key === '__proto__') {
      Object.defineProperty(result, key, {
        value: item,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else {
      result[key] = item;
    }
  }
  return result;
}

/** @param {any} value @param {Transfer} state @returns {any} undefined when it is none of these */
function copyBuiltIn(value, state) {
  if (types.isDate(value)) return new Date(value.getTime());
  if (types.isRegExp(value)) return new RegExp(value.source, value.flags);
  if (types.isArrayBuffer(value)) {
    state.bytes += value.byteLength;
    return copyBuffer(value);
  }
  if (ArrayBuffer.isView(value)) return copyView(value, state);
  if (value instanceof Error || types.isNativeError(value)) return copyError(value, state);
  if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) return Object(value.valueOf());
  if (types.isMap(value)) {
    const result = new Map();
    state.seen.set(value, result);
    for (const [key, item] of value) result.set(copy(key, state), copy(item, state));
    return result;
  }
  if (types.isSet(value)) {
    const result = new Set();
    state.seen.set(value, result);
    for (const item of value) result.add(copy(item, state));
    return result;
  }
  return undefined;
}

/** A resizable one stays resizable. @param {any} buffer */
function copyBuffer(buffer) {
  if (!buffer.resizable) return buffer.slice(0);
  const { byteLength, maxByteLength } = buffer;
  const copied = new ArrayBuffer(byteLength, /** @type {any} */ ({ maxByteLength }));
  new Uint8Array(copied).set(new Uint8Array(buffer));
  return copied;
}

// Views of one buffer keep sharing one copy; a Buffer arrives as Uint8Array without its pool (S3.8.6).
/** @param {any} value @param {Transfer} state */
function copyView(value, state) {
  state.bytes += kTagBytes;
  if (Buffer.isBuffer(value)) {
    state.bytes += value.byteLength;
    return Uint8Array.from(value);
  }
  const buffer = copyObject(value.buffer, state);
  if (value instanceof DataView) return new DataView(buffer, value.byteOffset, value.byteLength);
  return new value.constructor(buffer, value.byteOffset, value.length);
}

/** Thrown when all is copied: what cannot be written comes first. @param {Error} error @param {Transfer} state */
function refuse(error, state) {
  state.unreadable ??= unreadableError(error);
}

/** An error whose properties are being copied: these cannot refer to it. */
const kUnfinished = Symbol('unfinished');

/** S7.8.5 @param {Error} value @param {Transfer} state */
function copyError(value, state) {
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  state.seen.set(value, kUnfinished);
  return enhancedError(
    value,
    (item) => copy(item, state),
    (error) => refuse(error, state),
  );
}

/** @param {any} stub @param {Transfer} state @returns {any} what the other side gets */
function pass(stub, state) {
  const passed = stub[kPass]();
  state.passed.push(passed);
  return passed;
}

/** Inside an exception and in props, where a class instance is as good as a plain object. @param {any} value @param {Transfer} state */
function copyByValue(value, state) {
  if (state.isProps && typeof value[kPass] === 'function') return pass(value, state);
  if (state.isProps && value instanceof RpcTarget) checkStorable(value);
  if (isUncloneable(value)) throw uncloneable(value);
  const headers = copyHeaders(value);
  if (headers !== undefined) return headers;
  if (state.isProps) throw unsupported(value);
  if (value instanceof Blob && !(value instanceof File))
    return value.slice(0, value.size, value.type);
  if (hostFormOf(value) !== undefined) return deserialize(serialize(value));
  checkStorable(value);
  return copyPlain(value, state);
}

/** @param {any} value @param {Transfer} state @returns {any} */
function copyRuntimeObject(value, state) {
  if (state.isDetail) return copyByValue(value, state);
  if (value instanceof RpcTarget) return copyTarget(value, state);
  if (typeof value[kPass] === 'function') return pass(value, state);
  const platform = transferPlatformObject(value, state.host, state.isResult === true);
  if (platform !== undefined) return platform;
  if (isUncloneable(value)) throw uncloneable(value);
  if (typeof value[kNotStorable] === 'string') throw unsupported(value);
  return undefined;
}

module.exports = { copy };
