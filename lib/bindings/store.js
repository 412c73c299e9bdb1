'use strict';
// Store: where a kind of binding (KV, D1, ...) keeps its data: a namespace of the runtime's own whose objects have a database each.
//
// So a value of KV is as durable as one of an object: a call is answered when its writes are flushed, and a start after a crash
// finds them. The classes are Holdfast's own; calls pass values as they are, without RPC.
//
// Thread: the shard's. Owner: the shard, for as long as it lives.

const { NamespaceEntry } = require('../actors/namespace-entry');
const { mintId } = require('../actors/id');
const { resolveCompatibility } = require('../config/compatibility');
const { current } = require('../current');
const { openPromise } = require('../open-work');
const { untilEnd } = require('../workers/until-end');
const { StoreCall } = require('./store-call');

/** The rules that stores live by, whatever those of the Worker are. */
const kDate = '2026-11-17';

class Store {
  #entry;

  /**
   * @param {import('../shard').Shard} shard
   * @param {string} kind part of where the data lies; never changes
   * @param {Function} Class of the objects
   * @param {object} env what they get as `env`
   */
  constructor(shard, kind, Class, env) {
    this.env = /** @type {any} */ (env);
    const flags = resolveCompatibility(kDate, []);
    const worker = /** @type {any} */ ({ flags, envFor: () => env, containers: new Map() });
    this.#entry = new NamespaceEntry(shard, {
      uniqueKey: `holdfast-${kind}:`, // a Worker's own end with the name of a class
      className: Class.name,
      classOf: () => Class,
      kind: 'sqlite',
      worker,
    });
  }

  /**
   * Calls a method of one object. The call leaves when the writes of the object whose code asks are durable, and its answer comes
   * back through that object's gate (spec S2.5.1, S2.6.2).
   * @param {string} name of the object: the id of a KV namespace and the like
   * @param {string} method
   * @param {...any} args
   * @returns {Promise<any>} rejects with what the method throws
   */
  call(name, method, ...args) {
    const entry = this.#entry;
    const id = mintId(entry, entry.named(name, undefined).hex, name, undefined);
    const owner = current.instance;
    const answer = openPromise('a call of a binding', (resolve, reject) => {
      const call = new StoreCall(method, args, owner, resolve, reject);
      const send = () => {
        // An incarnation that ends between the two is found by a new channel.
        if (!entry.shard.actors.channelTo(entry, id).send(call))
          entry.shard.actors.channelTo(entry, id).send(call);
      };
      if (owner === undefined) send();
      else owner.whenDurable(send, reject);
    });
    return untilEnd(answer);
  }
}

/** @type {WeakMap<import('../shard').Shard, Map<string, Store>>} */
const stores = new WeakMap();

/**
 * The one store of its kind; what a later call gives as `env` is not looked at.
 * @param {import('../shard').Shard} shard
 * @param {string} kind
 * @param {Function} Class
 * @param {object} [env]
 * @returns {Store}
 */
function storeOf(shard, kind, Class, env = {}) {
  const known = stores.get(shard) ?? new Map();
  stores.set(shard, known);
  const store = known.get(kind) ?? new Store(shard, kind, Class, env);
  known.set(kind, store);
  return store;
}

/** For lib/testing. @param {import('../shard').Shard} shard @param {string} kind @returns {Store | undefined} undefined: nobody needed it */
const findStore = (shard, kind) => stores.get(shard)?.get(kind);

module.exports = { Store, findStore, storeOf };
