'use strict';
// ownTurn: what starts when the code that runs now has come to rest, and its microtasks with it: a call of a Worker (spec S1.13). Each
// runs until its own microtasks are done; then comes the next.
//
// Not an event of the loop: Node's queue of ticks comes after the microtasks, and the microtasks after a tick come before the next one
// that they ask for.

const { AsyncLocalStorage } = require('node:async_hooks');

/** What runs is nobody's code until it says whose: not that of who called before it. */
const asNobody = AsyncLocalStorage.snapshot();

/** @typedef {{run: () => void, next: Waiting | undefined}} Waiting */

/** @type {Waiting | undefined} */
let first;
/** @type {Waiting | undefined} */
let last;

/** @template T @param {() => Promise<T>} run @returns {Promise<T>} what it gives */
function ownTurn(run) {
  return new Promise((resolve) => {
    const waiting = { run: () => resolve(run()), next: undefined };
    if (last !== undefined) last.next = waiting;
    else asNobody(arm);
    first ??= waiting;
    last = waiting;
  });
}

function arm() {
  queueMicrotask(() => process.nextTick(runFirst));
}

function runFirst() {
  const { run, next } = /** @type {Waiting} */ (first);
  first = next;
  if (next === undefined) last = undefined;
  else arm();
  run();
}

/**
 * What a call gives comes to its caller after the start of those that were made with it.
 * @template T @param {Promise<T>} given @returns {Promise<T>}
 */
async function afterTurns(given) {
  try {
    return await given;
  } finally {
    if (last !== undefined) await ownTurn(async () => {});
  }
}

module.exports = { afterTurns, ownTurn };
