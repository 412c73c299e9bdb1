'use strict';
// Class specifiers: which class a facet is made from, and with which props (spec S1.13.1, S1.15.2).
//
// ctx.exports gives them: one for a class with a namespace is that namespace as well. Called with `{props}`, each gives a plain
// DurableObjectClass.

const { DurableObjectNamespace } = require('../actors/namespace');
const { transferProps } = require('../rpc/transfer');
const { kNotStorable } = require('../storage/refusals');

/** @typedef {{classOf: () => Function, props: object}} Specifier */

/** @type {WeakMap<object, Specifier>} */
const specifiers = new WeakMap();

class DurableObjectClass {
  get [Symbol.toStringTag]() {
    return 'DurableObjectClass';
  }
}

class LoopbackDurableObjectClass {
  get [Symbol.toStringTag]() {
    return 'LoopbackDurableObjectClass';
  }
}

class LoopbackDurableObjectNamespace extends DurableObjectNamespace {
  get [Symbol.toStringTag]() {
    return 'LoopbackDurableObjectNamespace';
  }
}

for (const { prototype } of [DurableObjectClass, LoopbackDurableObjectClass])
  Object.defineProperty(prototype, kNotStorable, { value: true });

/**
 * @template {object} T
 * @param {T} target whose members the result has
 * @param {() => Function} classOf
 * @returns {T}
 */
function callable(target, classOf) {
  const call = (/** @type {any} */ options) => withProps(target, classOf, options);
  const loopback = new Proxy(/** @type {any} */ (function () {}), {
    apply: (_function, _receiver, [options]) => call(options),
    construct: (_function, [options]) => call(options),
    get(_function, member) {
      const value = /** @type {any} */ (target)[member];
      return typeof value === 'function' && member !== 'constructor' ? value.bind(target) : value;
    },
    has: (_function, member) => member in target,
    getPrototypeOf: () => Object.getPrototypeOf(target),
    ownKeys: () => ['prototype'],
  });
  specifiers.set(loopback, { classOf, props: {} });
  return loopback;
}

/** @param {object} target @param {() => Function} classOf @param {any} options */
function withProps(target, classOf, options) {
  if (options === undefined || options === null || typeof options !== 'object') {
    throw new TypeError(
      `Failed to execute '(called as function)' on '${target.constructor.name}': parameter 1 is not of type 'Options'.`,
    );
  }
  const { props } = options;
  if (props !== undefined && (typeof props !== 'object' || props === null)) {
    throw new TypeError(
      "Incorrect type for the 'props' field on 'Options': the provided value is not of type 'Object'.",
    );
  }
  const specifier = new DurableObjectClass();
  specifiers.set(specifier, { classOf, props: transferProps(props ?? {}) });
  return specifier;
}

/** Of a class without a namespace. @param {() => Function} classOf */
const makeLoopbackClass = (classOf) => callable(new LoopbackDurableObjectClass(), classOf);

/**
 * @param {import('../actors/namespace-entry').NamespaceEntry} entry
 * @param {import('../actors/instance').ActorInstance | undefined} owner
 */
const makeLoopbackNamespace = (entry, owner) =>
  callable(new LoopbackDurableObjectNamespace(entry, owner), entry.classOf);

/** @param {any} value @returns {Specifier | undefined} undefined: it is none */
const specifierOf = (value) =>
  typeof value === 'object' || typeof value === 'function' ? specifiers.get(value) : undefined;

module.exports = { makeLoopbackClass, makeLoopbackNamespace, specifierOf };
