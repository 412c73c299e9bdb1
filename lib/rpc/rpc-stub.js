'use strict';
// RpcStub: a handle to an RpcTarget, a function or a plain object that lives elsewhere (spec S7.4, S7.6).

const { kInvoke } = require('./invoke');
const { addWildcard, start } = require('./wildcard');
const { RpcTarget } = require('./rpc-target');
const { GoneTarget, Target, kDisposed } = require('./target');
const { isPlainObject } = require('./plain');
const { illegalInvocation } = require('../web/errors');
const { kNotStorable } = require('../storage/refusals');
const { current } = require('../current');
const { checkContext } = require('./ownership');
const { disposeWhenForgotten } = require('./forgotten');

/**
 * Filled in by perform.js, which requires this file: a call copies its arguments, and a copy makes stubs.
 * @type {{callTarget: typeof import('./perform').callTarget}}
 */
const calls = /** @type {any} */ ({});

/**
 * An object that has a stub stays in memory, as in workerd: else it would lose, say, the callbacks of those who subscribed.
 * @param {import('./target').Context} owner
 * @param {Handle} handle
 */
function keep(owner, handle) {
  owner.stubs.add(handle);
  if (owner.isObject) owner.hold?.();
}

/** @param {import('./target').Context} owner @param {Handle} handle */
function letGo(owner, handle) {
  if (owner.stubs.delete(handle) && owner.isObject) owner.release?.();
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

  /** @param {Target} target @param {import('./target').Context | undefined} owner */
  constructor(target, owner) {
    /** @type {Target | undefined} undefined when disposed */
    this.target = target;
    this.owner = owner;
    target.retain();
    target.hold(owner);
    if (owner !== undefined) keep(owner, this);
  }

  /** @returns {any} an independent stub; it belongs to the code that asks */
  dup() {
    if (this.target === undefined) throw new Error(kDisposed);
    checkContext(this.owner, current.context, 'Client');
    const stub = wrapFor(this.target, current.context);
    handleOf(stub).joinAll(this.sessions);
    return stub;
  }

  /** @param {import('./target').Context[]} sessions */
  joinAll(sessions) {
    if (sessions.length === 0) return;
    for (const session of sessions) session.hold?.();
    this.sessions = [...this.sessions, ...sessions];
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
    // The arguments are sent all the same, so they are disposed of.
    if (this.target !== undefined) checkContext(this.owner, result.caller, 'Client');
    calls.callTarget(this.target ?? new GoneTarget(), path, args, result);
  }
}

/** @type {ProxyHandler<() => Handle>} */
const traps = {
  apply: (target, _receiver, args) => start(target(), [], args),
  get(target, name) {
    switch (name) {
      case kInvoke:
        return target()[kInvoke].bind(target());
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

/** @param {Target} target @param {import('./target').Context | undefined} owner @returns {any} a stub */
function wrap(target, owner) {
  const handle = new Handle(target, owner);
  return new Proxy(() => handle, traps);
}

/** For code that keeps it. @param {Target} target @param {import('./target').Context | undefined} owner @returns {any} a stub */
function wrapFor(target, owner) {
  const stub = wrap(target, owner);
  if (owner === undefined) disposeWhenForgotten(stub, handleOf(stub));
  return stub;
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
  const { target, owner, sessions } = handleOf(stub);
  checkContext(owner, current.context, 'Client');
  if (target === undefined) return wrap(new GoneTarget(), undefined);
  const copy = wrap(target, undefined);
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
  dupStub,
  stubOf,
  handleOf,
  calls,
};
