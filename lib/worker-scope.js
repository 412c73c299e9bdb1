'use strict';
// What a Worker's code has as globals (spec S9.2), and where they are put: inside its own modules, or, for classes of this process,
// on the global object while an object's code runs. The process keeps its own: docs/decisions/0016-globals.md.

const vm = require('node:vm');
const {
  GlobalScope,
  ServiceWorkerGlobalScope,
  globalValues,
  installGlobals,
  installInside,
  lazyValues,
  makeEventScope,
} = require('./web/internal');
const { makeTimers } = require('./actors/timers');
const { cacheGlobals } = require('./bindings/cache');
const { current } = require('./current');
const { guardBlobSlice } = require('./blob-slice');
const { addLanguage } = require('./language');
const { currentShard } = require('./web-hooks');

// Bundles are loaded in the main context, also under Jest (lib/build/load-worker.js).
/** @type {typeof globalThis} */
const mainGlobal = vm.runInThisContext('globalThis');

/**
 * @param {() => import('./shard').Shard} shardOf whose storage `caches` uses
 * @param {Record<string, boolean>} flags of the Worker
 * @param {EventTarget} events
 */
function valuesFor(shardOf, flags, events) {
  return globalValues({ flags, timers: makeTimers(flags), events, more: cacheGlobals(shardOf) });
}

/**
 * The globals of one Worker.
 * @param {import('./shard').Shard} shard
 * @param {import('./workers/worker').Worker} worker
 * @param {Record<string, unknown>} bindings that are globals, too
 * @returns {import('./web/scope/global-scope').GlobalScope}
 */
function makeScope(shard, worker, bindings) {
  addLanguage(mainGlobal);
  guardBlobSlice(mainGlobal);
  const own = valuesFor(() => shard, worker.flags, worker.events);
  const values = { ...bindings, ...own };
  return new GlobalScope(values, mainGlobal, ServiceWorkerGlobalScope.prototype, lazyValues);
}

/**
 * Of a test kit: that of the test files and of the Worker's modules, before there is a runtime, and whichever it is.
 * @param {Record<string, boolean>} flags of the Worker
 * @param {readonly string[]} more names of the process that tests may replace
 * @returns {import('./web/scope/global-scope').GlobalScope}
 */
function makeKitScope(flags, more) {
  const process = /** @type {any} */ (mainGlobal);
  const values = valuesFor(currentShard, flags, makeEventScope());
  for (const name of more) values[name] = process[name];
  return new GlobalScope(values, mainGlobal, ServiceWorkerGlobalScope.prototype, lazyValues);
}

/** Runtimes of classes of this process. @type {Set<import('./shard').Shard>} */
const shards = new Set();
let hide = () => {};

/** Names that stay the process's. */
const SAME = new Set(['console', 'addEventListener', 'removeEventListener', 'dispatchEvent']);

/**
 * Objects of classes of this process find the globals of Workers while their code runs.
 * @param {import('./shard').Shard} shard
 * @param {Record<string, boolean>} flags those of every such runtime
 */
function showToObjects(shard, flags) {
  shards.add(shard);
  if (shards.size > 1) return;
  hide = installInside(valuesForProcess(flags), () => current.context !== undefined);
}

/**
 * All code of this process finds the globals of Workers from now on.
 * @param {Record<string, boolean>} flags
 */
function installInProcess(flags) {
  addLanguage(globalThis);
  installGlobals(valuesForProcess(flags));
}

/** @param {Record<string, boolean>} flags */
function valuesForProcess(flags) {
  const values = valuesFor(currentShard, flags, makeEventScope());
  return Object.fromEntries(Object.entries(values).filter(([name]) => !SAME.has(name)));
}

/** The runtime is closed. @param {import('./shard').Shard} shard */
function hideFromObjects(shard) {
  if (shards.delete(shard) && shards.size === 0) hide();
}

module.exports = { hideFromObjects, installInProcess, makeKitScope, makeScope, showToObjects };
