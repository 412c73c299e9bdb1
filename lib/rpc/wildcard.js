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
const { illegalInvocation, parameterError } = require('../web/errors');
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

/** What the proxies tell nobody else: the property, and the result, that each stands for. */
const kProperty = Symbol('property');
const kResult = Symbol('result');

/** @param {string | symbol} name */
const isOfPromises = (name) => name === 'then' || name === 'catch' || name === 'finally';

/** @param {any} value @param {symbol} key @returns {any} what a proxy stands for @throws {TypeError} it is none */
function standsFor(value, key) {
  const found = typeof value === 'function' ? value[key] : undefined;
  if (found === undefined) throw illegalInvocation();
  return found;
}

/**
 * then(), catch() and finally(), which take functions only, as in workerd.
 * @param {Function} Class
 * @param {string} type as workerd calls it
 * @param {(value: any) => Promise<any>} promiseOf
 */
function addPromiseMethods({ prototype }, type, promiseOf) {
  for (const name of ['then', 'catch', 'finally']) {
    const method = {
      /** @this {any} @param {any[]} handlers */
      [name](...handlers) {
        const promise = promiseOf(this);
        if (typeof handlers[0] !== 'function') throw parameterError(name, type, 1, 'Function');
        if (name === 'then' && handlers[1] !== undefined && typeof handlers[1] !== 'function')
          throw parameterError(name, type, 2, 'Function');
        return /** @type {any} */ (promise)[name](...handlers);
      },
    }[name];
    Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  }
}

// Each of them asks (S7.2.4).
addPromiseMethods(RpcProperty, 'JsRpcProperty', (property) => {
  const { source, path } = standsFor(property, kProperty);
  return send(source, path, undefined).promise;
});
addPromiseMethods(RpcPromise, 'JsRpcPromise', (promise) => standsFor(promise, kResult).promise);

Object.defineProperty(RpcPromise.prototype, Symbol.dispose, {
  /** @this {any} */
  value() {
    standsFor(this, kResult).dispose();
  },
  writable: true,
  configurable: true,
});

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
    if (name === kProperty) return target();
    if (isLocal(name) || isOfPromises(name)) return Reflect.get(RpcProperty.prototype, name);
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
    if (name === kResult) return target();
    if (isLocal(name) || isOfPromises(name)) return Reflect.get(RpcPromise.prototype, name);
    return makeProperty(sourceOf(target()), [/** @type {string} */ (name)]);
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
