'use strict';
// What an RPC argument or result becomes on the other side (spec S7.5): a copy; functions and RpcTargets become stubs; runtime
// objects move or are shared. One pass, no bytes: caller and callee are in one environment. Between environments the same rules will
// produce a message instead.

const { Blob, File } = require('node:buffer');
const { types } = require('node:util');
const { RpcTarget } = require('./rpc-target');
const { asArgumentError, enhancedError, unreadableData, unreadableError } = require('./errors');
const { RpcStub, dupStub, stubOf } = require('./rpc-stub');
const { kNotSent, kPass } = require('./invoke');
const { isPlainObject } = require('./plain');
const { RpcPromise, RpcProperty } = require('./wildcard');
const { hostFormOf } = require('../storage/host-objects');
const { checkStorable, kNotStorable } = require('../storage/refusals');
const { deserialize, serialize } = require('../storage/value-codec');
const { checkSize, kBytesMax } = require('./size-limit');
const { transferPlatformObject, copyHeaders } = require('./platform-objects');
const { copying } = require('./reasons');

/**
 * @typedef {object} Transfer
 * @property {import('./target').Context | undefined} host where functions and targets of this value live
 * @property {any[]} stubs made or duplicated on the way
 * @property {Map<object, any>} seen
 * @property {boolean} isDetail part of an exception: nothing may go by reference or move
 * @property {boolean} [isProps] stubs of objects and Workers may go all the same
 * @property {boolean} [dups] targets with a dup() method are duplicated by it (S7.6.2)
 * @property {boolean} [moves] stubs change hands: the sender's handle is disposed
 * @property {any[]} moved those of the sender
 * @property {Error} [unreadable] why the other side could not read it
 * @property {number} bytes no less than the serialised size so far
 */

const kSharedPrimitives = new Set(['string', 'number', 'boolean', 'undefined', 'bigint']);

/** @param {unknown} value */
const uncloneable = (value) =>
  new DOMException(`${describe(value)} could not be cloned.`, 'DataCloneError');

/** As V8 writes it. @param {any} value */
function describe(value) {
  if (typeof value === 'symbol' || typeof value === 'function') return String(value);
  const isNamed = !isIterator(value) && !types.isSymbolObject(value);
  const name = isNamed ? value.constructor?.name : undefined;
  return typeof name === 'string' && name !== ''
    ? `#<${name}>`
    : `[object ${value[Symbol.toStringTag] ?? 'Object'}]`;
}

const kIteratorPrototypes = [
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
  Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype),
];

/** Iterators and generators. @param {object} value */
const isIterator = (value) =>
  kIteratorPrototypes.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value));

const kNotReceiver =
  "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain.";

/** S7.5.5 @param {any} value */
function unsupported(value) {
  return unsupportedType(value.constructor?.name || 'Object');
}

/** @param {string} name */
function unsupportedType(name) {
  return new DOMException(
    `Could not serialize object of type "${name}". This type does not support serialization.`,
    'DataCloneError',
  );
}

/**
 * @param {unknown} value part of an exception
 * @returns {any} a copy
 * @throws {DOMException} it cannot be copied
 */
function transferDetail(value) {
  /** @type {Transfer} */
  const state = {
    host: undefined,
    stubs: [],
    seen: new Map(),
    isDetail: true,
    moved: [],
    bytes: 0,
  };
  const result = copy(value, state);
  if (state.unreadable !== undefined) throw state.unreadable;
  return result;
}

/**
 * @param {object} value props of an entrypoint (S7.7.2)
 * @returns {any} a copy
 * @throws {DOMException} it cannot be copied
 */
function transferProps(value) {
  const seen = new Map();
  return copy(value, {
    host: undefined,
    stubs: [],
    seen,
    isDetail: true,
    isProps: true,
    moved: [],
    bytes: 0,
  });
}

/**
 * @param {unknown} value
 * @param {import('./target').Context | undefined} host
 * @param {{dups?: boolean, moves?: boolean}} [options] see Transfer
 * @returns {{value: any, stubs: any[], hasMoved: boolean}} hasMoved: stubs of the sender changed hands
 */
function transfer(value, host, { dups = false, moves = false } = {}) {
  return transferWith(copy, value, host, dups, moves);
}

/**
 * As transfer(), for the arguments of a call: a list without holes or properties of its own.
 * @param {unknown[]} args
 * @param {import('./target').Context | undefined} host
 * @param {{dups: boolean, moves: boolean}} options
 * @returns {{value: any[], stubs: any[], hasMoved: boolean}}
 */
function transferArguments(args, host, { dups, moves }) {
  try {
    return transferWith(copyList, args, host, dups, moves);
  } catch (error) {
    throw asArgumentError(error);
  }
}

/** @param {any[]} args @param {Transfer} state */
function copyList(args, state) {
  const result = [];
  for (const value of args) result.push(copy(value, state));
  return result;
}

/**
 * @param {(value: any, state: Transfer) => any} copyValue
 * @param {any} value
 * @param {import('./target').Context | undefined} host
 * @param {boolean} dups
 * @param {boolean} moves
 * @returns {{value: any, stubs: any[], hasMoved: boolean}} hasMoved: stubs of the sender changed hands
 */
function transferWith(copyValue, value, host, dups, moves) {
  if (value === null || kSharedPrimitives.has(typeof value)) {
    if (typeof value === 'string' && value.length * 2 > kBytesMax) checkSize(value, value.length);
    return { value, stubs: kNoStubs, hasMoved: false };
  }
  /** @type {Transfer} */
  const state = {
    host,
    stubs: [],
    seen: new Map(),
    isDetail: false,
    dups,
    moves,
    moved: [],
    bytes: 0,
  };
  let result;
  try {
    result = copyValue(value, state);
    if (state.unreadable !== undefined) throw state.unreadable;
    if (state.bytes > kBytesMax) checkSize(value, state.bytes);
  } catch (error) {
    for (const stub of state.stubs) stub[Symbol.dispose]();
    throw error;
  }
  for (const stub of state.moved) stub[Symbol.dispose]();
  return { value: result, stubs: state.stubs, hasMoved: state.moved.length > 0 };
}

/** @type {any[]} */
const kNoStubs = [];

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

/** @param {any} value @param {Transfer} state */
function copyFunction(value, state) {
  if (state.isDetail && typeof value[kPass] !== 'function') throw uncloneable(value);
  if (value instanceof RpcStub) return copyStub(value, state);
  if (value[kNotSent] !== undefined) throw unsupportedType(value[kNotSent]);
  if (value instanceof RpcPromise) throw unsupportedType('RpcPromise'); // S7.3.4
  if (value instanceof RpcProperty) throw unsupportedType('RpcProperty');
  return copyByReference(value, state, isFunction, 'function');
}

/**
 * A stub; the same one for the same function or target.
 * @param {any} value
 * @param {Transfer} state
 * @param {(dup: unknown) => boolean} isSameKind
 * @param {string} kind
 */
function copyByReference(value, state, isSameKind, kind) {
  const known = state.seen.get(value);
  if (known !== undefined) return known;
  const stub = keep(stubOf(dupOf(value, state, isSameKind, kind), state.host), state);
  state.seen.set(value, stub);
  return stub;
}

/** @param {unknown} value */
const isFunction = (value) => typeof value === 'function';
/** @param {unknown} value */
const isTarget = (value) => value instanceof RpcTarget;

/**
 * @param {any} target
 * @param {Transfer} state
 * @param {(dup: unknown) => boolean} isSameKind
 * @param {string} kind as workerd spells it
 */
function dupOf(target, { dups }, isSameKind, kind) {
  if (!dups || typeof target.dup !== 'function') return target;
  const dup = target.dup();
  if (isSameKind(dup)) return dup;
  const [name, another] = kind === 'function' ? [kind, kind] : ['RcpTarget', kind];
  const article = kind === 'function' ? 'a' : 'an';
  throw new DOMException(
    `Couldn't create a stub for the ${name} because it has a dup() method which did not return another ${another}. Either remove the dup() method or make sure it returns ${article} ${another}.`,
    'DataCloneError',
  );
}

/** @param {any} stub @param {Transfer} state */
function copyStub(stub, state) {
  const known = state.seen.get(stub);
  if (known !== undefined) return known;
  const handle = keep(dupStub(stub), state);
  state.seen.set(stub, handle);
  if (state.moves) state.moved.push(stub);
  return handle;
}

/** @param {any} stub @param {Transfer} state */
function keep(stub, state) {
  state.stubs.push(stub);
  return stub;
}

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

/** S7.5.6: what stands for a plain object goes by reference. @param {any} value @param {Transfer} state */
function copyProxy(value, state) {
  const isReceiver = isPlainObject(value) || value instanceof RpcTarget;
  if (!isReceiver || state.isDetail) throw new DOMException(kNotReceiver, 'DataCloneError');
  return copyByReference(value, state, isTarget, 'RpcTarget');
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

/** @type {Function[]} */
const kUncloneableTypes = [
  WeakRef,
  FinalizationRegistry,
  ...Object.getOwnPropertyNames(Intl)
    .map((name) => /** @type {any} */ (Intl)[name])
    .filter((value) => typeof value === 'function' && value.prototype !== undefined),
];

/** Inside an exception and in props, where a class instance is as good as a plain object. @param {any} value @param {Transfer} state */
function copyByValue(value, state) {
  if (state.isProps && typeof value[kPass] === 'function') return value[kPass]();
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

/** What V8 itself refuses. @param {any} value */
const isUncloneable = (value) =>
  types.isPromise(value) ||
  types.isWeakMap(value) ||
  types.isWeakSet(value) ||
  types.isSymbolObject(value) ||
  kUncloneableTypes.some((Type) => value instanceof Type) ||
  (isIterator(value) && !Object.hasOwn(value, 'next'));

/** @param {any} value @param {Transfer} state @returns {any} */
function copyRuntimeObject(value, state) {
  if (state.isDetail) return copyByValue(value, state);
  if (value instanceof RpcTarget) return copyByReference(value, state, isTarget, 'RpcTarget');
  const platform = transferPlatformObject(value, state.host);
  if (platform !== undefined) return platform;
  if (isUncloneable(value)) throw uncloneable(value);
  if (typeof value[kNotStorable] === 'string') throw unsupported(value);
  return undefined;
}

copying.copyOf = (value) => transfer(value, undefined).value;

module.exports = { transfer, transferArguments, transferProps, transferDetail };
