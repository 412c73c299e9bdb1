'use strict';
// How an answer reaches its caller: at once when the caller is a Worker; as an event of its own when the caller is an object, so that
// the caller's code goes on in a turn of its own and behind its gate (spec S2.5.1).

// Shared: a Worker's calls are many.
const atOnce = (/** @type {() => void} */ settle) => settle();
const never = () => false;

/**
 * @param {import('./instance').ActorInstance | undefined} owner the calling object
 * @param {number} [section] that it called in
 * @returns {(settle: () => void) => void}
 */
function answerTo(owner, section = owner?.currentSection ?? 0) {
  if (owner === undefined) return atOnce;
  return (settle) => owner.postTask(settle, section);
}

/**
 * A call leaves its caller with the end of the turn that made it: one that is over in that very turn has called nobody (spec S2.7.4).
 * @param {import('./instance').ActorInstance | undefined} owner the calling object
 * @returns {() => boolean} asked in a later turn: was the call never sent?
 */
function wasLostWith(owner) {
  if (owner === undefined) return never;
  const { turn } = owner.shard;
  return () => owner.isBroken && owner.endedIn === turn;
}

module.exports = { answerTo, wasLostWith };
