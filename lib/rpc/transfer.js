'use strict';
// What an RPC argument or result becomes on the other side (spec S7.5): a copy; functions and RpcTargets become stubs; runtime
// objects move or are shared. One pass, no bytes: caller and callee are in one environment. Between environments the same rules will
// produce a message instead.

const { types } = require('node:util');
const { RpcTarget } = require('./rpc-target');
const { tunnelError, copies } = require('./errors');
const { RpcStub, dupStub } = require('./rpc-stub');
const { RpcPromise, RpcProperty, kInvoke, kNotTransferable } = require('./wildcard');
const { kNotStorable } = require('../storage/value-codec');
const { transferPlatformObject } = require('./platform-objects');

/**
 * @typedef {object} Transfer
 * @property {import('./rpc-stub').Host | undefined} host where functions and targets of this value live
 * @property {RpcStub[]} stubs made or duplicated on the way
 * @property {Map<object, any>} seen
 * @property {boolean} isDetail part of an exception: nothing may go by reference or move
 * @property {boolean} [dups] targets with a dup() method are duplicated by it (S7.6.2)
 * @property {boolean} [moves] stubs change hands: the sender's handle is disposed
 * @property {RpcStub[]} moved those of the sender
 */

const kSharedPrimitives = new Set(['string', 'number', 'boolean', 'undefined', 'bigint']);

/** @param {unknown} value */
const uncloneable = (value) =>
  new DOMException(`${describe(value)} could not be cloned.`, 'DataCloneError');

/** @param {any} value */
function describe(value) {
  if (typeof value === 'symbol' || typeof value === 'function') return String(value);
  return `#<${value.constructor?.name ?? 'Object'}>`;
}

const kNotReceiver =
  "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain.";

/** S7.5.5 @param {any} value */
function unsupported(value) {
  if (types.isProxy(value)) return new DOMException(kNotReceiver, 'DataCloneError');
  return unsupportedType(value.constructor?.name ?? 'Object');
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
  return copy(value, { host: undefined, stubs: [], seen: new Map(), isDetail: true, moved: [] });
}

/**
 * @param {unknown} value
 * @param {import('./rpc-stub').Host | undefined} host
 * @param {{dups?: boolean, moves?: boolean}} [options] see Transfer
 * @returns {{value: any, stubs: RpcStub[]}}
 */
function transfer(value, host, { dups = false, moves = false } = {}) {
  if (value === null || kSharedPrimitives.has(typeof value)) return { value, stubs: kNoStubs };
  /** @type {Transfer} */
  const state = { host, stubs: [], seen: new Map(), isDetail: false, dups, moves, moved: [] };
  const result = { value: copy(value, state), stubs: state.stubs };
  for (const stub of state.moved) /** @type {any} */ (stub)[Symbol.dispose]();
  return result;
}

/** @type {RpcStub[]} */
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
    default:
      return value;
  }
}

/** @param {any} value @param {Transfer} state */
function copyFunction(value, state) {
  if (state.isDetail) throw uncloneable(value);
  if (value instanceof RpcStub) return copyStub(value, state);
  if (typeof value[kInvoke] === 'function') return value; // a stub of a Worker's entrypoint
  if (value instanceof RpcPromise) throw unsupportedType('RpcPromise'); // S7.3.4
  if (value instanceof RpcProperty) throw unsupportedType('RpcProperty');
  return keep(new RpcStub(dupOf(value, state, isFunction, 'function'), state.host), state);
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

/** @param {RpcStub} stub @param {Transfer} state */
function copyStub(stub, state) {
  const known = state.seen.get(stub);
  if (known !== undefined) return known;
  const handle = keep(dupStub(stub), state);
  state.seen.set(stub, handle);
  if (state.moves) state.moved.push(stub);
  return handle;
}

/** @param {RpcStub} stub @param {Transfer} state */
function keep(stub, state) {
  state.stubs.push(stub);
  return stub;
}

/** @param {any} value @param {Transfer} state @returns {any} */
function copyObject(value, state) {
  const known = state.seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return copyArray(value, state);
  const prototype = Object.getPrototypeOf(value);
  if (isPlainPrototype(prototype)) return copyPlain(value, state);
  const result = copyBuiltIn(value, state) ?? copyRuntimeObject(value, state);
  if (result === undefined) throw unsupported(value);
  state.seen.set(value, result);
  return result;
}

// Of any realm: what Node reads from storage and what a test in a vm context makes differ in theirs.
/** @param {object | null} prototype */
const isPlainPrototype = (prototype) =>
  prototype === Object.prototype ||
  (prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf'));

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
  /** @type {any} */
  const result = {};
  state.seen.set(value, result);
  for (const key of Object.keys(value)) {
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
  if (types.isArrayBuffer(value)) return value.slice(0);
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

// Views of one buffer keep sharing one copy; a Buffer arrives as Uint8Array without its pool (S3.8.6).
/** @param {any} value @param {Transfer} state */
function copyView(value, state) {
  if (Buffer.isBuffer(value)) return Uint8Array.from(value);
  const buffer = copyObject(value.buffer, state);
  if (value instanceof DataView) return new DataView(buffer, value.byteOffset, value.byteLength);
  return new value.constructor(buffer, value.byteOffset, value.length);
}

/** S7.8.5 @param {Error} value @param {Transfer} state */
function copyError(value, state) {
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  const error = tunnelError(value, { enhanced: true, copy: (item) => copy(item, state) });
  delete error.remote;
  return error;
}

/** @param {any} value @param {Transfer} state @returns {any} */
function copyRuntimeObject(value, state) {
  if (state.isDetail) throw unsupported(value);
  if (value instanceof RpcTarget)
    return keep(new RpcStub(dupOf(value, state, isTarget, 'RpcTarget'), state.host), state);
  if (typeof value[kNotTransferable] === 'string')
    throw new DOMException(value[kNotTransferable], 'DataCloneError');
  const platform = transferPlatformObject(value);
  if (platform !== undefined) return platform;
  if (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  ) {
    throw uncloneable(value);
  }
  if (typeof value[kNotStorable] === 'string') throw unsupported(value);
  return undefined;
}

copies.detail = transferDetail;

module.exports = { transfer, transferDetail };
