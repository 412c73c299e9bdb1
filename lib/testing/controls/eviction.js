'use strict';
// Eviction on demand (spec S10.2.3): as the runtime evicts an idle object, without the wait for the time; what is under way is waited
// for, never ended.

const { setTimeout: sleep } = require('node:timers/promises');
const { real } = require('../../time');

const kNotRunning = 'Cannot evict Durable Object: it is not currently running.';
const kBusy = 'Timed out waiting to evict Durable Object: it still has active references.';
const kWaitMs = 30_000;
const kPollMs = 1;

/**
 * @typedef {import('../../actors/instance').ActorInstance} ActorInstance
 * @typedef {{webSockets?: 'hibernate' | 'close'}} EvictionOptions what becomes of hibernatable sockets; default hibernate
 */

/** @param {any} options @returns {'hibernate' | 'close'} */
function modeOf(options) {
  const mode = options?.webSockets ?? 'hibernate';
  if (mode === 'hibernate' || mode === 'close') return mode;
  throw new TypeError('options.webSockets must be "hibernate" or "close".');
}

/**
 * @param {ActorInstance | undefined} instance
 * @param {EvictionOptions} [options]
 */
async function evict(instance, options) {
  const mode = modeOf(options);
  if (!instance?.isLive) throw new Error(kNotRunning);
  await drop(instance, mode);
}

/**
 * All that run, facets before their parents.
 * @param {ActorInstance[]} instances
 * @param {EvictionOptions} [options]
 */
async function evictAll(instances, options) {
  const mode = modeOf(options);
  await Promise.all(instances.map((instance) => drop(instance, mode)));
}

/** @param {ActorInstance} instance @param {'hibernate' | 'close'} mode */
async function drop(instance, mode) {
  const { shard, handle } = instance;
  const { native } = shard;
  const deadline = real.now() + kWaitMs;
  while (instance.isLive) {
    const children = shard.actors.facetsOf(instance);
    if (children.length > 0) await evictAll(children, { webSockets: mode });
    if (native.evictNow(handle)) {
      if (mode === 'close') shard.sockets.cut(instance);
      shard.wake();
    } else if (real.now() >= deadline) throw new Error(kBusy);
    await sleep(kPollMs);
  }
}

module.exports = { evict, evictAll };
