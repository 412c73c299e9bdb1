'use strict';
// Class specifiers: which class a facet is made from, and with which props (spec S1.13.1, S1.15.2).
//
// ctx.exports gives them: one for a class with a namespace is that namespace as well. Called with `{props}`, each gives a plain
// DurableObjectClass.

const { DurableObjectNamespace } = require('../actors/namespace');
const { kDescribe, kNotSent, kPass } = require('../rpc/invoke');
const { checkStub, ownedBy } = require('../rpc/ownership');
const { transferProps } = require('../rpc/transfer');
const { current } = require('../current');
const { tags } = require('../stored-stubs/tags');
const { kNotStorable } = require('../storage/refusals');

/**
 * @typedef {object} Specifier
 * @property {() => Function} classOf
 * @property {object} props
 * @property {import('./worker').Worker} worker that exports it
 * @property {string} className
 * @property {boolean} isPersistent it may be stored (S3.8.9)
 */

/** @typedef {Pick<Specifier, 'classOf' | 'worker' | 'className'>} Exported */

/** As workerd names what is inside a class specifier (S2.10.2). */
const kType = 'ActorClassChannel';

/** @type {WeakMap<object, Specifier>} */
const specifiers = new WeakMap();

class DurableObjectClass {
  /** Goes over RPC. */
  [kPass]() {
    checkStub(this, current.context, kType);
    return make(/** @type {Specifier} */ (specifiers.get(this)));
  }

  /** S3.8.9 @returns {import('../rpc/invoke').Description} */
  [kDescribe]() {
    checkStub(this, current.context, kType);
    const { worker, className, props, isPersistent } = /** @type {Specifier} */ (
      specifiers.get(this)
    );
    const fields = ['class', worker.name, className, props];
    return { tag: tags.objectClass, fields, isPersistent };
  }

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

Object.defineProperty(DurableObjectClass.prototype, kNotStorable, {
  value: 'DurableObjectClass cannot be serialized in this context.',
});
Object.defineProperty(LoopbackDurableObjectClass.prototype, kNotStorable, { value: true });

for (const { name, prototype } of [LoopbackDurableObjectClass, LoopbackDurableObjectNamespace])
  Object.defineProperty(prototype, kNotSent, { value: name });

/** @param {Specifier} specifier @returns {DurableObjectClass} */
function make(specifier) {
  const made = new DurableObjectClass();
  specifiers.set(made, specifier);
  return made;
}

/**
 * @template {object} T
 * @param {T} target whose members the result has
 * @param {Exported} exported
 * @returns {T}
 */
function callable(target, exported) {
  const call = (/** @type {any} */ options) => withProps(target, exported, options);
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
  specifiers.set(loopback, { ...exported, props: {}, isPersistent: false });
  return loopback;
}

/** @param {object} target @param {Exported} exported @param {any} options */
function withProps(target, exported, options) {
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
  const isPersistent = exported.worker.flags.allow_irrevocable_stub_storage;
  const made = make({ ...exported, props: transferProps(props ?? {}), isPersistent });
  return ownedBy(current.context, made);
}

/** Of a class without a namespace. @param {import('./worker').Worker} worker @param {string} className */
function makeLoopbackClass(worker, className) {
  const Class = worker.module[className];
  return callable(new LoopbackDurableObjectClass(), { classOf: () => Class, worker, className });
}

/** One that was loaded (S3.8.9). @param {import('./worker').Worker} worker @param {string} className @param {object} props */
function makeObjectClass(worker, className, props) {
  const classOf = () => worker.module[className];
  return make({ classOf, worker, className, props, isPersistent: true });
}

/**
 * @param {import('../actors/namespace-entry').NamespaceEntry} entry
 * @param {import('../actors/instance').ActorInstance | undefined} owner
 */
function makeLoopbackNamespace(entry, owner) {
  const { classOf, className, flags, worker } = entry;
  const isPersistent = flags.allow_irrevocable_stub_storage;
  const namespace = new LoopbackDurableObjectNamespace(entry, owner, undefined, isPersistent);
  return callable(namespace, { classOf, worker, className });
}

/** @param {any} value @returns {Specifier | undefined} undefined: it is none */
const specifierOf = (value) =>
  typeof value === 'object' || typeof value === 'function' ? specifiers.get(value) : undefined;

module.exports = { makeLoopbackClass, makeLoopbackNamespace, makeObjectClass, specifierOf };
