'use strict';
// bindResources: puts KV namespaces and their like on a Worker's env (spec S8.7).

const { storeOf } = require('./store');
const { KvStore } = require('./kv/kv-store');
const { makeKvNamespace } = require('./kv/kv-namespace');

/**
 * Before the shard starts: stores are namespaces of it.
 * @param {import('../shard').Shard} shard
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../config/bindings').ResourceBindings} resources
 */
function bindResources(shard, worker, { kvNamespaces }) {
  const { env } = worker;
  for (const { name, id } of kvNamespaces) {
    const store = storeOf(shard, 'kv', KvStore);
    env[name] = makeKvNamespace((method, ...args) => store.call(id, method, ...args));
  }
}

module.exports = { bindResources };
