'use strict';
// ctx.restore() (spec S1.11, S3.8.9, flag allow_irrevocable_stub_storage): calls the [restore]() method of the place that it is called in,
// and gives what that gave as a stub that can be stored.

const { current } = require('../current');
const { ownedBy } = require('../rpc/ownership');
const { handleOf, wrapFor } = require('../rpc/rpc-stub');
const { transferProps } = require('../rpc/transfer');
const { callRestore } = require('./call-restore');
const { Restored } = require('./restored');
const { RestoredStub } = require('./restored-stub');

const kNoSelf =
  'ctx.restore() cannot be used in this context because the system does not know how to restore this context itself, in order to be able to invoke its [restore]() method. This may happen if the current worker is a Dynamic Worker or a Durable Object Facet (or both), and the immediate caller did not specify how to restore it. To fix this, ensure that the caller of this Worker uses a stub that was created via its own context.restore().';

/**
 * Where it is called.
 * @typedef {object} Place
 * @property {any} target an entrypoint or an object
 * @property {any} self a stub of it; undefined: a facet that was not reached by a restored one
 */

/**
 * @param {ArrayLike<any>} given the arguments
 * @param {string} type of ctx, as errors name it
 * @param {Place} place
 * @returns {Promise<any>} a ServiceStub or an RpcStub
 */
async function restore(given, type, place) {
  const params = given[0];
  if ((typeof params !== 'object' && typeof params !== 'function') || params === null) {
    throw new TypeError(
      `Failed to execute 'restore' on '${type}': parameter 1 is not of type 'Object'.`,
    );
  }
  const kept = transferProps(params); // whatever the method does to them
  const { kind, stub } = await callRestore(place.target, params);
  const { self } = place;
  if (self === undefined) throw new Error(kNoSelf);
  const restored = new Restored(self, kept, true);
  if (kind === 'stub') return moved(restored, stub);
  return ownedBy(current.context, new RestoredStub(restored, stub));
}

/** The stub that the method gave is no more: its target has the one that can be stored. @param {Restored} restored @param {any} stub */
function moved(restored, stub) {
  const handle = handleOf(stub);
  if (handle.target === undefined) throw new Error('RPC stub used after being disposed.');
  handle.target.begin();
  const result = wrapFor(handle.target, current.context, restored);
  handleOf(result).joinAll(handle.sessions);
  handle[Symbol.dispose]();
  return result;
}

module.exports = { restore };
