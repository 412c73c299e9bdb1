// untilEvicted: waits for an idle object to leave memory.
'use strict';

const QUIET_MS_MAX = 60_000;

/**
 * Eviction cannot be seen from outside without waking the object, so this leaves the object alone for a while, asks,
 * and when it was still in memory leaves it alone for twice as long. It is the idleness that is waited for, and
 * that has no other event than the passing of time.
 * @template T
 * @param {() => Promise<T>} ask Wakes the object and returns what it says.
 * @param {(answer: T) => boolean} isNew Whether the answer is that of a new instance.
 * @param {number} idleEvictionMs
 * @returns {Promise<T>}
 */
async function untilEvicted(ask, isNew, idleEvictionMs) {
  for (let quietMs = 2 * idleEvictionMs; quietMs < QUIET_MS_MAX; quietMs *= 2) {
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const answer = await ask();
    if (isNew(answer)) return answer;
  }
  throw new Error('The object was never evicted.');
}

module.exports = { untilEvicted };
