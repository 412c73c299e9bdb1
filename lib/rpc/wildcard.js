'use strict';
// The wildcard of stubs: every string property that is not the stub's own becomes a callable, awaitable RpcProperty
// (spec S1.6.1, S1.6.2, S7.1.5).
//
// The wildcard sits at the end of the prototype chain, so own members (id, name, fetch) cost nothing extra.
//
// RpcProperty and RpcPromise are proxies of a function that returns what the proxy stands for: callable, without own properties, and
// with handlers that all of them share.

const { current } = require('../current');
const { kInvoke } = require('./invoke');
const { PendingResult } = require('./pending-result');
const { kNotStorable } = require('../storage/refusals');

/** Names in a path: one for the stub's property and this many below. */
const kDepthMax = 64;

/** Array indices are no remote names. @param {string} name */
function isIndex(name) {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && String(Number(name) >>> 0) === name;
}

/** @param {string | symbol} name */
const isLocal = (name) =>
  typeof name === 'symbol' || name === 'then' || name in Object.prototype || isIndex(name);

const wildcard = new Proxy(Object.prototype, {
  get(target, name, receiver) {
    if (isLocal(name)) return Reflect.get(target, name, receiver);
    if (typeof receiver[kInvoke] !== 'function') return undefined;
    // A member of all stubs under this flag: it names also what other members of stubs hide.
    if (name === 'getRpcMethodForTestOnly' && current.context?.flags.experimental)
      return (/** @type {unknown} */ method) => makeProperty(receiver, [`${method}`]);
    return makeProperty(receiver, [/** @type {string} */ (name)]);
  },
  has() {
    return true;
  },
  set(_target, name, value, receiver) {
    return Reflect.defineProperty(receiver, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  },
});

/** @param {Function} Class a stub class; its instances answer [kInvoke] */
function addWildcard(Class) {
  Object.setPrototypeOf(Class.prototype, wildcard);
}

function RpcProperty() {
  throw new TypeError('Illegal constructor');
}
Object.defineProperty(RpcProperty.prototype, Symbol.toStringTag, {
  value: 'JsRpcProperty',
  configurable: true,
});

function RpcPromise() {
  throw new TypeError('Illegal constructor');
}
Object.defineProperty(RpcPromise.prototype, Symbol.toStringTag, {
  value: 'JsRpcPromise',
  configurable: true,
});

for (const Class of [RpcProperty, RpcPromise]) {
  Object.defineProperty(Class.prototype, kNotStorable, {
    value: `Could not serialize object of type "${Class.name}". This type does not support serialization.`,
  });
}

/** The proxied function is all there is, and nothing of it shows. */
const hidden = {
  has: () => true,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
};

/** @typedef {{source: any, path: string[]}} Property */

/** @type {ProxyHandler<() => Property>} */
const propertyTraps = {
  ...hidden,
  apply(target, _receiver, args) {
    const { source, path } = target();
    return start(source, path, args);
  },
  get(target, name) {
    if (name === 'then' || name === 'catch' || name === 'finally') {
      // Each of them asks (S7.2.4).
      return (/** @type {any[]} */ ...handlers) => {
        const { source, path } = target();
        const { promise } = send(source, path, undefined);
        return /** @type {any} */ (promise)[name](...handlers);
      };
    }
    if (isLocal(name)) return Reflect.get(RpcProperty.prototype, name);
    const { source, path } = target();
    if (path.length > kDepthMax)
      throw new TypeError(`RPC pipelined property path is too deep (max ${kDepthMax}).`);
    return makeProperty(source, [...path, /** @type {string} */ (name)]);
  },
  getPrototypeOf: () => RpcProperty.prototype,
};

/** @type {ProxyHandler<() => PendingResult>} */
const promiseTraps = {
  ...hidden,
  apply: (target, _receiver, args) => start(sourceOf(target()), [], args),
  get(target, name) {
    const result = target();
    if (name === 'then' || name === 'catch' || name === 'finally') {
      return (/** @type {any[]} */ ...handlers) =>
        /** @type {any} */ (result.promise)[name](...handlers);
    }
    if (name === Symbol.dispose) return () => result.dispose();
    if (isLocal(name)) return Reflect.get(RpcPromise.prototype, name);
    return makeProperty(sourceOf(result), [/** @type {string} */ (name)]);
  },
  getPrototypeOf: () => RpcPromise.prototype,
};

/** @param {PendingResult} result */
const sourceOf = (result) => ({
  [kInvoke]: (
    /** @type {string[]} */ path,
    /** @type {unknown[] | undefined} */ args,
    /** @type {PendingResult} */ dependent,
  ) => result.call(path, args, dependent),
});

/**
 * A property not yet asked for: calling it calls the method, awaiting it reads it (S7.2.4).
 * @param {any} source answers [kInvoke]
 * @param {string[]} path
 * @returns {any}
 */
function makeProperty(source, path) {
  const property = { source, path };
  return new Proxy(() => property, propertyTraps);
}

/**
 * Sends a call at once (S7.2.2).
 * @param {any} source answers [kInvoke]
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 */
function send(source, path, args) {
  const result = new PendingResult();
  try {
    source[kInvoke](path, args, result);
  } catch (error) {
    result.reject(error); // S7.2.1
  }
  return result;
}

/**
 * As send().
 * @param {any} source
 * @param {string[]} path
 * @param {unknown[] | undefined} args
 * @returns {any} an RpcPromise
 */
function start(source, path, args) {
  const result = send(source, path, args);
  return new Proxy(() => result, promiseTraps);
}

module.exports = {
  addWildcard,
  start,
  RpcProperty: /** @type {new () => any} */ (/** @type {unknown} */ (RpcProperty)),
  RpcPromise: /** @type {new () => any} */ (/** @type {unknown} */ (RpcPromise)),
};
