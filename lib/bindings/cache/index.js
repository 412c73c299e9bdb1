'use strict';
// The global `caches`: one for all runtimes of the environment, so each call finds the runtime whose code makes it.

const { storeOf } = require('../store');
const { CacheStore } = require('./cache-store');
const { Cache, CacheStorage, makeCaches } = require('./cache');

/** @param {() => import('../../shard').Shard} currentShard of the code that runs now */
function cacheGlobals(currentShard) {
  const caches = makeCaches((name) => {
    const store = storeOf(currentShard(), 'cache', CacheStore);
    return (method, ...args) => store.call(name, method, ...args);
  });
  return { caches, Cache, CacheStorage };
}

module.exports = { cacheGlobals };
