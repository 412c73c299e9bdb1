'use strict';
// LoopbackServiceStub: what `ctx.exports` has for an entrypoint (spec S1.13.1): callable with `{props}`, and not to be sent or stored; what
// the call gives is.

const { kConnect, kInvoke, kLend, kNotSent, kRestore } = require('../rpc/invoke');
const { ServiceStub } = require('../rpc/service-stub-class');
const { transferProps } = require('../rpc/transfer');
const { kNotStorable } = require('../storage/refusals');
const { makeExport } = require('./service-stub');

class LoopbackServiceStub {}

Object.setPrototypeOf(LoopbackServiceStub.prototype, ServiceStub.prototype);
Object.defineProperty(LoopbackServiceStub.prototype, Symbol.toStringTag, {
  value: 'LoopbackServiceStub',
  configurable: true,
});
Object.defineProperty(LoopbackServiceStub.prototype, kNotStorable, {
  value:
    'Could not serialize object of type "LoopbackServiceStub". This type does not support serialization.',
});

/**
 * @param {import('./worker').Worker} worker
 * @param {string} name of the export
 * @param {import('../actors/instance').ActorInstance | undefined} owner
 * @returns {any}
 */
function makeLoopback(worker, name, owner) {
  const stub = makeExport(worker, name, owner);
  return new Proxy(() => stub, traps);
}

/** @param {any[]} args of a call of a loopback stub @returns {object} a copy */
function propsOf([options]) {
  const isObject = typeof options === 'object' || typeof options === 'function';
  if (!isObject) {
    throw new TypeError(
      "Failed to execute '(called as function)' on 'LoopbackServiceStub': parameter 1 is not of type 'Options'.",
    );
  }
  const props = options?.props;
  if (props === undefined) return {};
  if ((typeof props !== 'object' && typeof props !== 'function') || props === null) {
    throw new TypeError(
      "Incorrect type for the 'props' field on 'Options': the provided value is not of type 'Object'.",
    );
  }
  return transferProps(props);
}

/** Those of the stub without props that it stands for. @type {Set<string | symbol>} */
const kOwnMembers = new Set(['fetch', 'connect', kConnect, kInvoke, kLend, kRestore]);

/** @type {ProxyHandler<() => ReturnType<typeof makeExport>>} */
const traps = {
  apply: (target, _receiver, args) => target().withProps(propsOf(args)),
  get(target, member, receiver) {
    const stub = target();
    if (kOwnMembers.has(member)) return /** @type {any} */ (stub)[member].bind(stub);
    if (member === kNotSent) return 'LoopbackServiceStub';
    return Reflect.get(LoopbackServiceStub.prototype, member, receiver);
  },
  has: () => true,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
  getPrototypeOf: () => LoopbackServiceStub.prototype,
};

module.exports = { makeLoopback };
