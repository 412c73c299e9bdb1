'use strict';
// settled(): waits until nothing goes on any more without time: events are delivered, microtasks have run, commits are durable.
//
// What waits for something outside of the process (a request to a server), or for Node's files, is not waited for.

/** Node's own, whatever a test puts on the global object. */
const nextRound = setImmediate;
/** So many rounds of the event loop in which nothing was under way: one thing may start another by way of Node. */
const kCalmRounds = 3;

/** @param {() => boolean} isQuiet @returns {Promise<void>} */
async function settled(isQuiet) {
  for (let calm = 0; calm < kCalmRounds; calm = isQuiet() ? calm + 1 : 0)
    await new Promise((resolve) => nextRound(resolve));
}

/** Until no microtask waits; the event loop does not go on meanwhile. @returns {Promise<void>} */
const microtasks = () => new Promise((resolve) => process.nextTick(resolve));

module.exports = { microtasks, settled };
