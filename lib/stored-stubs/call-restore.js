'use strict';
// The call of a [restore]() method: by ctx.restore(), and again when what that gave was stored and is used (spec S3.8.9).

const { disposeWhenForgotten } = require('../rpc/forgotten');
const { kHold, kPass } = require('../rpc/invoke');
const { RpcStub } = require('../rpc/rpc-stub');
const { RpcTarget } = require('../rpc/rpc-target');
const { ServiceStub } = require('../rpc/service-stub-class');

/** `restore` of `cloudflare:workers`: one for all Workers of the process. */
const kRestoreMethod = Symbol('cloudflare:workers:restore');

const kNoMethod =
  'The WorkerEntrypoint or DurableObject class does not implement a [restore]() method.';
const kNoStub = 'The [restore]() method must return a ServiceStub or RpcStub.';

/** @typedef {'service' | 'stub'} Kind of what it gives: a ServiceStub or an RpcStub */

/** @type {Record<Kind, string>} */
const kChanged = {
  service:
    'The [restore]() method originally returned a ServiceStub, but on replay it returned an RpcStub instead. It must always return the same type.',
  stub: 'The [restore]() method originally returned an RpcStub, but on replay it returned a ServiceStub instead. It must always return the same type.',
};

/**
 * A stub of an object or a Worker on its way to who restores it, who lends it (kLend): to pass it as others would lose a facet. Until it
 * was used the parent of a facet is not evicted.
 */
class Lent {
  #release;

  /** @param {any} stub */
  constructor(stub) {
    this.stub = stub;
    this.#release = stub[kHold]?.();
    if (this.#release !== undefined)
      disposeWhenForgotten(this, { [Symbol.dispose]: this.#release });
  }

  /** It was used. */
  used() {
    this.#release?.();
  }

  [kPass]() {
    return this;
  }
}

/**
 * @param {any} target an entrypoint or an object
 * @param {any} params
 * @returns {Promise<{kind: Kind, stub: any}>}
 * @throws {TypeError} there is no such method, or it gives no stub; what it throws
 */
async function callRestore(target, params) {
  const method = target?.[kRestoreMethod];
  if (typeof method !== 'function') throw new TypeError(kNoMethod);
  const given = await method.call(target, params);
  if (given instanceof ServiceStub) return { kind: 'service', stub: given };
  if (given instanceof RpcStub) return { kind: 'stub', stub: given };
  if (typeof given !== 'function' && !(given instanceof RpcTarget)) throw new TypeError(kNoStub);
  return { kind: 'stub', stub: new RpcStub(given) };
}

/**
 * As the callee of a call: of a stub that was stored.
 * @param {any} target
 * @param {any} params a copy of its own
 * @param {Kind} gives what it gave the first time
 * @returns {Promise<any>} an RpcStub, or Lent
 * @throws {TypeError} as callRestore(), and when it gives the other kind now
 */
async function restoreAgain(target, params, gives) {
  const { kind, stub } = await callRestore(target, params);
  if (kind !== gives) throw new TypeError(kChanged[gives]);
  return kind === 'service' ? new Lent(stub) : stub;
}

module.exports = { callRestore, kRestoreMethod, restoreAgain };
