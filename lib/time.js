'use strict';
// time: where objects, Workers and bindings take the time and their timers from: Node's own, as they were when this module was loaded, in the
// order of Workers (lib/timers); in tests a clock that the test moves (lib/testing/time/clock.js).

const { OrderedTimers } = require('./timers/ordered-timers');

/** Node's own, whatever stands on the global object later. */
const node = { now: Date.now, setTimeout, setInterval, setImmediate, clearImmediate };
const nodeClearTimeout = clearTimeout;

/** @type {Pick<OrderedTimers, 'start' | 'clear'>} */
const timers = new OrderedTimers();

/** Time as it goes by itself. */
const real = {
  ...node,
  setLimit: node.setTimeout,
  timers,
  /** @param {any} timer of `timers` or of Node's */
  clearTimeout(timer) {
    if (!timers.clear(timer)) nodeClearTimeout(timer);
  },
};

/**
 * `now()`: milliseconds of the epoch. `timers`: those of objects and Workers. `setTimeout()`, `setInterval()`: of other code.
 * `setLimit()`: a timer that is nobody's but the runtime's own: how long something may take. `clearTimeout()`: any of these.
 * @type {{now: () => number, setTimeout: (callback: any, ms?: number, ...args: any[]) => any, setInterval: (callback: any, ms?: number, ...args: any[]) => any,
 *   setLimit: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void, timers: Pick<OrderedTimers, 'start' | 'clear'>}}
 */
const time = { ...real };

module.exports = { time, real };
