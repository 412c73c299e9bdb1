'use strict';
// time: where objects, Workers and bindings take the time and their timers from. Node's own, as they were when this module was loaded;
// in tests a clock that the test moves (lib/testing/time/clock.js).

/** Node's own, whatever stands on the global object later. */
const real = { now: Date.now, setTimeout, setInterval, clearTimeout };

/**
 * `now()`: milliseconds of the epoch. `setLimit()`: a timer that is nobody's but the runtime's own: how long something may take.
 * @type {{now: () => number, setTimeout: (callback: any, ms?: number, ...args: any[]) => any, setInterval: (callback: any, ms?: number, ...args: any[]) => any,
 *   setLimit: (callback: () => void, ms: number) => any, clearTimeout: (timer: any) => void}}
 */
const time = { ...real, setLimit: setTimeout };

module.exports = { time, real };
