'use strict';
// RpcStub: a handle to an RpcTarget, a function or a plain object that lives elsewhere (spec S7.4, S7.6).

const { kDescribe, kInvoke } = require('./invoke');
const { addWildcard, start } = require('./wildcard');
const { RpcTarget } = require('./rpc-target');
const { GoneTarget, Target, kDisposed } = require('./target');
const { isPlainObject } = require('./plain');
const { illegalInvocation } = require('../web/errors');
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

/** @type {import('./target').Context[]} */
const kNoSessions = [];

/** One handle: what the proxy of a stub stands for. */
class Handle {
  /**
   * Calls of Workers in whose results it came, itself or what it was duplicated from: they go on while it is there (S7.6.3).
   * @type {import('./target').Context[]}
   */
  sessions = kNoSessions;

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
    target.hold(owner);
    if (owner !== undefined) keep(owner, this);
  }

  /** @returns {any} an independent stub; it belongs to the code that asks */
  dup() {
    if (this.target === undefined) throw new Error(kDisposed);
    checkContext(this.owner, current.context, 'Client');
    const stub = wrapFor(this.target.forDup(), current.context, this.restored);
    handleOf(stub).joinAll(this.sessions);
    return stub;
  }

  /** @param {import('./target').Context[]} sessions */
  joinAll(sessions) {
    if (sessions.length === 0) return;
    for (const session of sessions) session.hold?.();
    this.sessions = [...this.sessions, ...sessions];
  }

  /** S3.8.9 @returns {import('./invoke').Description} */
  [kDescribe]() {
    if (this.restored === undefined || this.target === undefined)
      throw new DOMException(kNotPersistent, 'DataCloneError');
    return this.restored.describe(tags.rpcStub);
  }

  /** S7.6.4 @param {import('./target').Context | undefined} owner */
  moveTo(owner) {
    const { owner: before, target } = this;
    if (before !== undefined) letGo(before, this);
    this.owner = owner;
    if (target === undefined) return;
    if (owner !== undefined) keep(owner, this);
    target.hold(owner);
    target.letGo(before);
  }

  [Symbol.dispose]() {
    const { target } = this;
    this.target = undefined;
    if (this.owner !== undefined) letGo(this.owner, this);
    if (target === undefined) return;
    target.release();
    target.letGo(this.owner);
    for (const session of this.sessions) session.release?.();
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('./pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    // What was disposed of with its request is first of all another's.
    if (this.target !== undefined || this.owner?.isLive === false)
      checkContext(this.owner, result.caller, 'Client');
    // The arguments are sent all the same, so they are disposed of.
    calls.callTarget(this.target ?? new GoneTarget(), path, args, result);
  }
}

/** @type {ProxyHandler<() => Handle>} */
const traps = {
  apply: (target, _receiver, args) => start(target(), [], args),
  get(target, name) {
    switch (name) {
      case kInvoke:
      case kDescribe:
        return /** @type {any} */ (target())[name].bind(target());
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
  const { target, owner, restored, sessions } = handleOf(stub);
  checkContext(owner, current.context, 'Client');
  if (target === undefined) return wrap(new GoneTarget(), undefined);
  target.begin();
  const copy = wrap(target, undefined, restored);
  handleOf(copy).joinAll(sessions);
  return copy;
}

/** @param {any} value @param {import('./target').Context | undefined} host @returns {any} a stub, which belongs to nobody yet */
const stubOf = (value, host) => wrap(new Target(value, host), undefined);

addWildcard(RpcStub);

/** @param {any} stub @returns {Handle} */
function handleOfThis(stub) {
  if (!(stub instanceof RpcStub)) throw illegalInvocation();
  return handleOf(stub);
}

Object.defineProperties(RpcStub.prototype, {
  dup: {
    /** @this {any} */
    value() {
      return handleOfThis(this).dup();
    },
    writable: true,
    configurable: true,
  },
  [Symbol.dispose]: {
    /** @this {any} */
    value() {
      handleOfThis(this)[Symbol.dispose]();
    },
    writable: true,
    configurable: true,
  },
});
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
