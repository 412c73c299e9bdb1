'use strict';
// RpcStub: a handle to an RpcTarget, a function or a plain object that lives elsewhere (spec S7.4, S7.6).

const { kDescribe, kInvoke } = require('./invoke');
const { addWildcard, start } = require('./wildcard');
const { RpcTarget } = require('./rpc-target');
const { Target } = require('./target');
const { isPlainObject } = require('./plain');
const { kNotStorable } = require('../storage/refusals');
const { current } = require('../current');
const { checkContext } = require('./ownership');
const { disposeWhenForgotten } = require('./forgotten');
const { tags } = require('../stored-stubs/tags');

/**
 * Filled in by perform.js, which requires this file: a call copies its arguments, and a copy makes stubs.
 * @type {{callTarget: typeof import('./perform').callTarget}}
 */
const calls = /** @type {any} */ ({});

const kDisposed = 'RPC stub used after being disposed.';
const kNotPersistent =
  'RpcStub cannot be serialized in this context because it is not a persistent stub.';

/** @typedef {import('./target').AnyTarget} AnyTarget */

/**
 * An object that has a stub stays in memory, as in workerd: else it would lose, say, the callbacks of those who subscribed.
 * @param {import('./target').Context} owner
 * @param {Handle} handle
 */
function keep(owner, handle) {
  owner.stubs.add(handle);
  if (owner.isObject && handle.holds) owner.hold?.();
}

/** @param {import('./target').Context} owner @param {Handle} handle */
function letGo(owner, handle) {
  if (owner.stubs.delete(handle) && owner.isObject && handle.holds) owner.release?.();
}

/** One handle: what the proxy of a stub stands for. */
class Handle {
  /**
   * @param {AnyTarget} target
   * @param {import('./target').Context | undefined} owner
   * @param {import('../stored-stubs/restored').Restored} [restored]
   */
  constructor(target, owner, restored) {
    /** @type {AnyTarget | undefined} undefined when disposed */
    this.target = target;
    this.owner = owner;
    /** One that was loaded does not: the next incarnation loads it again. */
    this.holds = target.forward === undefined;
    /** How it is made again when it was stored; undefined: it cannot be. */
    this.restored = restored;
    target.retain();
    if (owner !== undefined) keep(owner, this);
  }

  /** @returns {any} an independent stub; it belongs to the code that asks */
  dup() {
    if (this.target === undefined) throw new Error(kDisposed);
    checkContext(this.owner, current.context, 'Client');
    return wrapFor(this.target.forDup(), current.context, this.restored);
  }

  /** S3.8.9 @returns {import('./invoke').Description} */
  [kDescribe]() {
    if (this.restored === undefined || this.target === undefined)
      throw new DOMException(kNotPersistent, 'DataCloneError');
    return this.restored.describe(tags.rpcStub);
  }

  /** S7.6.4 @param {import('./target').Context | undefined} owner */
  moveTo(owner) {
    if (this.owner !== undefined) letGo(this.owner, this);
    this.owner = owner;
    if (owner !== undefined && this.target !== undefined) keep(owner, this);
  }

  [Symbol.dispose]() {
    const { target } = this;
    this.target = undefined;
    if (this.owner !== undefined) letGo(this.owner, this);
    target?.release();
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('./pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    // What was disposed of with its request is first of all another's.
    if (this.target === undefined && this.owner?.isLive !== false) throw new Error(kDisposed);
    checkContext(this.owner, result.caller, 'Client');
    if (this.target === undefined) throw new Error(kDisposed);
    calls.callTarget(this.target, path, args, result);
  }
}

/** @type {ProxyHandler<() => Handle>} */
const traps = {
  apply: (target, _receiver, args) => start(target(), [], args),
  get(target, name) {
    switch (name) {
      case kInvoke:
      case kDescribe:
      case Symbol.dispose:
        return /** @type {any} */ (target())[name].bind(target());
      case 'dup':
        return () => target().dup();
      case kHandle:
        return target();
      default:
        return Reflect.get(RpcStub.prototype, name, target());
    }
  },
  has: () => true,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
  getPrototypeOf: () => RpcStub.prototype,
};

const kHandle = Symbol('handle');

/**
 * @param {AnyTarget} target
 * @param {import('./target').Context | undefined} owner
 * @param {import('../stored-stubs/restored').Restored} [restored]
 * @returns {any} a stub
 */
function wrap(target, owner, restored) {
  const handle = new Handle(target, owner, restored);
  return new Proxy(() => handle, traps);
}

/**
 * As wrap(), for code that keeps it.
 * @param {AnyTarget} target
 * @param {import('./target').Context | undefined} owner
 * @param {import('../stored-stubs/restored').Restored} [restored]
 * @returns {any} a stub
 */
function wrapFor(target, owner, restored) {
  const stub = wrap(target, owner, restored);
  // Those that can be stored an object may load at each of its events, and forget: they would add up for as long as it is in memory.
  if (owner === undefined || restored !== undefined) disposeWhenForgotten(stub, handleOf(stub));
  return stub;
}

/**
 * A stub in props or in the parameters of a [restore](): a copy that is nobody's yet, and makes its target again for itself.
 * @param {any} stub
 * @returns {any}
 * @throws {DOMException} DataCloneError: it cannot be made again
 */
function copyRestored(stub) {
  const { restored, target } = handleOf(stub);
  if (restored === undefined || target === undefined)
    throw new DOMException(kNotPersistent, 'DataCloneError');
  return wrap(restored.target(), undefined, restored);
}

/** @param {any} value @returns {any} */
function RpcStub(value) {
  if (new.target === undefined) {
    throw new TypeError(
      "Failed to construct 'JsRpcStub': Please use the 'new' operator, this object constructor cannot be called as a function.",
    );
  }
  const { context } = current;
  return wrapFor(new Target(checkTarget(value), context), context);
}

/** @param {any} value */
function checkTarget(value) {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) {
    throw new TypeError(
      "Failed to construct 'JsRpcStub': constructor parameter 1 is not of type 'Object'.",
    );
  }
  if (typeof value !== 'function' && !isPlainObject(value) && !(value instanceof RpcTarget)) {
    throw new TypeError(
      'RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.',
    );
  }
  return value;
}

/** @param {any} stub @returns {Handle} */
const handleOf = (stub) => stub[kHandle];

/** @param {any} stub that is sent @returns {any} an independent stub, which belongs to nobody yet */
function dupStub(stub) {
  const { target, owner, restored } = handleOf(stub);
  checkContext(owner, current.context, 'Client');
  // In workerd the connection finds out, so the error is remote.
  if (target === undefined) throw Object.assign(new Error(kDisposed), { remote: true });
  target.begin();
  return wrap(target, undefined, restored);
}

/** @param {any} value @param {import('./target').Context | undefined} host @returns {any} a stub, which belongs to nobody yet */
const stubOf = (value, host) => wrap(new Target(value, host), undefined);

addWildcard(RpcStub);
Object.defineProperty(RpcStub.prototype, Symbol.toStringTag, {
  value: 'JsRpcStub',
  configurable: true,
});
Object.defineProperty(RpcStub.prototype, kNotStorable, {
  value: 'RpcStub cannot be serialized in this context.',
});

module.exports = {
  RpcStub: /** @type {new (value: any) => any} */ (/** @type {unknown} */ (RpcStub)),
  copyRestored,
  wrapFor,
  dupStub,
  stubOf,
  handleOf,
  calls,
};
