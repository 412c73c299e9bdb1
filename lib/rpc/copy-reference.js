'use strict';
// What crosses by reference: functions, RpcTargets, and proxies that stand for one, become stubs; stubs become further handles (spec
// S7.5.1, S7.6).

const { RpcTarget } = require('./rpc-target');
const { RpcStub, copyRestored, dupStub, stubOf } = require('./rpc-stub');
const { kNotSent, kPass } = require('./invoke');
const { isPlainObject } = require('./plain');
const { RpcPromise, RpcProperty } = require('./wildcard');
const { uncloneable, unsupportedType } = require('./uncloneable');

/** @typedef {import('./copy-value').Transfer} Transfer */

const kNotReceiver =
  "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain.";

/** @param {any} value @param {Transfer} state */
function copyFunction(value, state) {
  if (state.isProps) {
    if (value instanceof RpcStub) return copyOnce(value, state, copyRestored);
    if (value[kNotSent] !== undefined) throw unsupportedType(value[kNotSent]);
  }
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

/** @param {any} value an RpcTarget or what stands for one @param {Transfer} state */
const copyTarget = (value, state) => copyByReference(value, state, isTarget, 'RpcTarget');

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
  const isNew = !state.seen.has(stub);
  const handle = copyOnce(stub, state, dupStub);
  if (isNew && state.moves) state.moved.push(stub);
  return handle;
}

/** @param {any} stub @param {Transfer} state @param {(stub: any) => any} make */
function copyOnce(stub, state, make) {
  const known = state.seen.get(stub);
  if (known !== undefined) return known;
  const copied = keep(make(stub), state);
  state.seen.set(stub, copied);
  return copied;
}

/** @param {any} stub @param {Transfer} state */
function keep(stub, state) {
  state.stubs.push(stub);
  return stub;
}

/** S7.5.6: what stands for a plain object goes by reference. @param {any} value @param {Transfer} state */
function copyProxy(value, state) {
  const isReceiver = isPlainObject(value) || value instanceof RpcTarget;
  if (!isReceiver || state.isDetail) throw new DOMException(kNotReceiver, 'DataCloneError');
  return copyTarget(value, state);
}

module.exports = { copyFunction, copyProxy, copyTarget };
