'use strict';
// bindResources: puts KV namespaces and their like on a Worker's env (spec S8.7).

const { storeOf } = require('./store');
const { D1Database } = require('./d1/d1-database');
const { D1Store } = require('./d1/d1-store');
const { KvStore } = require('./kv/kv-store');
const { makeKvNamespace } = require('./kv/kv-namespace');

/**
 * Before the shard starts: stores are namespaces of it.
 * @param {import('../shard').Shard} shard
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../config/bindings').ResourceBindings} resources
 */
function bindResources(shard, worker, { kvNamespaces, d1Databases }) {
  const { env } = worker;
  const callOf = (
    /** @type {string} */ kind,
    /** @type {Function} */ Class,
    /** @type {string} */ id,
  ) => {
    const store = storeOf(shard, kind, Class);
    return (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
      store.call(id, method, ...args);
  };
  for (const { name, id } of kvNamespaces) env[name] = makeKvNamespace(callOf('kv', KvStore, id));
  for (const { name, id } of d1Databases) env[name] = new D1Database(callOf('d1', D1Store, id));
}

module.exports = { bindResources };
