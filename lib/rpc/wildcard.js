'use strict';
// The wildcard of stubs: every string property that is not the stub's own becomes a callable, awaitable RpcProperty
// (spec S1.6.1, S1.6.2, S7.1.5).
//
// The wildcard sits at the end of the prototype chain, so own members (id, name, fetch) cost nothing extra.

/** A stub's way to its target: `(path, args | undefined) => Promise`; undefined args read a property. */
const kInvoke = Symbol('invoke');

/** On the prototype of stubs that cannot be sent: the text that refuses it. */
const kNotTransferable = Symbol('not transferable');

/** @typedef {(path: string[], args: unknown[] | undefined) => Promise<any>} Invoke */

const kPathMax = 64;

/** @param {string | symbol} name */
const isLocal = (name) => typeof name === 'symbol' || name === 'then' || name in Object.prototype;

const wildcard = new Proxy(Object.prototype, {
  get(target, name, receiver) {
    if (isLocal(name)) return Reflect.get(target, name, receiver);
    const invoke = receiver[kInvoke];
    if (typeof invoke !== 'function') return undefined;
    return makeProperty(
      (path, args) => receiver[kInvoke](path, args),
      [/** @type {string} */ (name)],
    );
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

class RpcProperty {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

class RpcPromise {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

/**
 * A property not yet asked for: calling it calls the method, awaiting it reads it (S7.2.4).
 * @param {Invoke} invoke
 * @param {string[]} path
 * @returns {any}
 */
function makeProperty(invoke, path) {
  /** @type {Promise<any> | undefined} */
  let read;
  const value = () => (read ??= invoke(path, undefined));
  return new Proxy(function () {}, {
    apply: (_target, _receiver, args) => makePromise(() => invoke(path, args), true),
    get: (_target, name) => member(name, value, invoke, path),
    getPrototypeOf: () => RpcProperty.prototype,
    construct() {
      throw new TypeError('Illegal constructor');
    },
  });
}

/**
 * The result of a call: thenable, and a stub for what it will be (S7.3.1). The call starts at once (S7.2.2).
 * @param {() => Promise<any>} start
 * @param {boolean} observed a rejection nobody awaits is not an unhandled one when a call depends on it
 * @returns {any}
 */
function makePromise(start, observed) {
  const promise = start();
  /** @type {Invoke} */
  const invoke = (path, args) => {
    if (observed) promise.catch(() => {});
    return promise.then((value) => invokeOnResult(value, path, args));
  };
  return new Proxy(function () {}, {
    get(_target, name) {
      if (name === Symbol.dispose) return () => void promise.then(dispose, () => {});
      if (name === 'catch' || name === 'finally') return promise[name].bind(promise);
      return member(name, () => promise, invoke, []);
    },
    getPrototypeOf: () => RpcPromise.prototype,
    apply: (_target, _receiver, args) => makePromise(() => invoke([], args), true),
  });
}

/** @param {any} value */
function dispose(value) {
  value?.[Symbol.dispose]?.();
}

/**
 * @param {string | symbol} name
 * @param {() => Promise<any>} value
 * @param {Invoke} invoke
 * @param {string[]} path
 */
function member(name, value, invoke, path) {
  if (name === 'then') {
    return (/** @type {any} */ resolve, /** @type {any} */ reject) => value().then(resolve, reject);
  }
  if (name === 'catch') return (/** @type {any} */ reject) => value().catch(reject);
  if (name === 'finally') return (/** @type {any} */ done) => value().finally(done);
  if (typeof name === 'symbol') return undefined;
  if (path.length >= kPathMax)
    throw new TypeError(`RPC pipelined property path is too deep (max ${kPathMax}).`);
  return makeProperty(invoke, [...path, name]);
}

// In workerd these steps are the callee's, so their errors are remote.
/** @param {string} message */
const remoteTypeError = (message) => Object.assign(new TypeError(message), { remote: true });

/** S7.3.1 @param {any} value @param {string[]} path @param {unknown[] | undefined} args */
async function invokeOnResult(value, path, args) {
  if (typeof value?.[kInvoke] === 'function') return value[kInvoke](path, args);
  let holder = value;
  let at = value;
  for (const [depth, name] of path.entries()) {
    if (typeof at?.[kInvoke] === 'function') return at[kInvoke](path.slice(depth), args);
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, name)) {
      throw remoteTypeError(`The RPC receiver does not implement the method "${name}".`);
    }
    holder = at;
    at = at[name];
  }
  if (args === undefined) return at;
  if (typeof at !== 'function') throw remoteTypeError(`"${path.at(-1)}" is not a function.`);
  return Reflect.apply(at, holder, args);
}

module.exports = {
  kInvoke,
  kNotTransferable,
  addWildcard,
  makeProperty,
  makePromise,
  RpcProperty,
  RpcPromise,
};
