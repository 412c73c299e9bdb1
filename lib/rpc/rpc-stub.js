'use strict';
// RpcStub: a handle to an RpcTarget, a function or a plain object that lives elsewhere (spec S7.4, S7.6).

const { kInvoke, addWildcard, makePromise } = require('./wildcard');
const { RpcTarget } = require('./rpc-target');
const { invokeInstance, invokeValue } = require('./dispatch');
const { kNotStorable } = require('../storage/value-codec');

/**
 * Where a target lives: runs code there and says whether it is still there.
 * @typedef {object} Host
 * @property {boolean} isLive
 * @property {Record<string, boolean>} flags its compatibility flags
 * @property {number} currentSection the critical section that code running there belongs to, 0: none
 * @property {<T>(run: () => Promise<T>, section: number) => Promise<T>} perform runs it as an event of that place
 */

/**
 * Filled in by perform.js, which requires this file: a call copies its arguments, and a copy makes stubs.
 * @type {{performAt: typeof import('./perform').performAt}}
 */
const calls = /** @type {any} */ ({});

const kDisposed = 'RPC stub used after being disposed.';

/** What duplicates of one stub share. */
class Target {
  references = 0;

  /** @param {any} value @param {Host | undefined} host */
  constructor(value, host) {
    this.value = value;
    this.host = host;
    /** Calls belong to the critical section it was handed out in (S2.5.11). */
    this.section = host?.currentSection ?? 0;
  }

  /** S7.4.4: the target's own disposer runs once, after the last handle. */
  release() {
    this.references -= 1;
    if (this.references === 0) this.value[Symbol.dispose]?.();
  }
}

class RpcStub {
  /** @type {Target | undefined} undefined when disposed */
  #target;

  /** @param {any} value @param {Host} [host] */
  constructor(value, host) {
    const target = value instanceof Target ? value : new Target(checkTarget(value), host);
    target.references += 1;
    // A stub is callable, for stubs of functions; the proxy below keeps the class's private state reachable.
    this.#target = target;
    const stub = this;
    return new Proxy(/** @type {any} */ (function () {}), {
      apply: (_function, _receiver, args) => makePromise(() => stub.#invoke([], args), true),
      get: (_function, name) => stub.#member(name),
      has: () => true,
      getPrototypeOf: () => RpcStub.prototype,
      ownKeys: () => ['prototype'],
    });
  }

  get [Symbol.toStringTag]() {
    return 'RpcStub';
  }

  /** @param {string | symbol} name @returns {any} */
  #member(name) {
    if (name === kInvoke)
      return (/** @type {string[]} */ path, /** @type {any} */ args) => this.#invoke(path, args);
    if (name === 'dup') return () => new RpcStub(this.#live());
    if (name === Symbol.dispose) return () => this.#dispose();
    if (name === 'constructor') return RpcStub;
    if (name === kTarget) return this.#target;
    return Reflect.get(RpcStub.prototype, name, {
      [kInvoke]: (/** @type {string[]} */ path, /** @type {any} */ args) =>
        this.#invoke(path, args),
    });
  }

  #live() {
    if (this.#target === undefined) throw new Error(kDisposed);
    return this.#target;
  }

  #dispose() {
    const target = this.#target;
    this.#target = undefined;
    target?.release();
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @returns {Promise<any>} */
  #invoke(path, args) {
    if (this.#target === undefined) return Promise.reject(new Error(kDisposed));
    const { value, host, section } = this.#target;
    const run = (/** @type {unknown[] | undefined} */ given) =>
      value instanceof RpcTarget && path.length > 0
        ? invokeInstance(value, RpcTarget, RpcTarget, path, given)
        : invokeValue(value, RpcTarget, path, given);
    return calls.performAt(host, section, run, args);
  }
}

/** Reads a stub's shared target, undefined when the stub is disposed. */
const kTarget = Symbol('target');

/** @param {any} value */
function checkTarget(value) {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) {
    throw new TypeError(
      "Failed to construct 'JsRpcStub': constructor parameter 1 is not of type 'Object'.",
    );
  }
  const plain = Object.getPrototypeOf(value) === Object.prototype;
  if (typeof value !== 'function' && !plain && !(value instanceof RpcTarget)) {
    throw new TypeError(
      'RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.',
    );
  }
  return value;
}

/** @param {any} stub that is sent @returns {RpcStub} an independent handle */
function dupStub(stub) {
  const target = stub[kTarget];
  // In workerd the connection finds out, so the error is remote.
  if (target === undefined) throw Object.assign(new Error(kDisposed), { remote: true });
  return new RpcStub(target);
}

addWildcard(RpcStub);
Object.defineProperty(RpcStub.prototype, kNotStorable, {
  value: 'RpcStub cannot be serialized in this context.',
});

module.exports = { RpcStub, dupStub, calls };
