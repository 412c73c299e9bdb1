'use strict';
// What a Worker gets for `node:timers` and `node:timers/promises`: its own timers.

const { makeTimers } = require('../actors/timers');
const { timerPromises } = require('../timers/timer-promises');

/**
 * @param {Record<string, boolean>} flags of the Worker
 * @returns {{timersModule: (node: any) => object, timerPromisesModule: (node: any) => object}} each of what Node has
 */
function timerModules(flags) {
  const timers = makeTimers(flags);
  /** @type {object | undefined} */
  let promises;
  const timerPromisesModule = (/** @type {any} */ node) =>
    (promises ??= timerPromises(timers, node));
  const timersModule = (/** @type {any} */ node) => ({
    ...node,
    ...timers,
    promises: timerPromisesModule(node.promises),
  });
  return { timersModule, timerPromisesModule };
}

module.exports = { timerModules };
