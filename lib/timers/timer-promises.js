'use strict';
// What `node:timers/promises` exports to a Worker: promises over its own timers, so that they wait while a critical section is open, keep
// their object, and follow a clock that tests move. What is wrong in a call is told by Node's own function, which is called with the same.

/** @typedef {{signal?: AbortSignal, ref?: boolean}} Options */
/** @typedef {typeof import('node:timers/promises')} NodePromises */
/** @typedef {ReturnType<typeof import('../actors/timers').makeTimers>} Timers */

/**
 * @param {Timers} timers
 * @param {NodePromises} node Node's own module
 * @returns {Record<string, any>}
 */
function timerPromises(timers, node) {
  /**
   * @template T
   * @param {(fire: () => void) => any} start
   * @param {(timer: any) => void} clear
   * @param {T} value
   * @param {Options | undefined} options
   * @returns {Promise<T>}
   */
  const once = (start, clear, value, { signal, ref } = {}) =>
    new Promise((resolve) => {
      const onAbort = () => {
        clear(timer);
        resolve(aborted(signal));
      };
      const timer = start(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      });
      if (ref === false) timer.unref?.();
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  /** @param {AbortSignal | undefined} signal @returns {Promise<never>} */
  const aborted = (signal) =>
    /** @type {Promise<never>} */ (node.setTimeout(0, undefined, { signal }));

  /** @param {any} [delay] @param {any} [value] @param {any} [options] */
  async function setTimeout(delay, value, options) {
    if (!isDelay(delay) || !areOptions(options)) return node.setTimeout(delay, value, options);
    return once((fire) => timers.setTimeout(fire, delay), timers.clearTimeout, value, options);
  }

  /** @param {any} [value] @param {any} [options] */
  async function setImmediate(value, options) {
    if (!areOptions(options)) return node.setImmediate(value, options);
    return once((fire) => timers.setImmediate(fire), timers.clearImmediate, value, options);
  }

  /** @param {any} [delay] @param {any} [value] @param {any} [options] */
  async function* setInterval(delay, value, options) {
    if (!isDelay(delay) || !areOptions(options)) yield* node.setInterval(delay, value, options);
    const { signal, ref } = options ?? {};
    let due = 0;
    let wake = () => {};
    const timer = timers.setInterval(() => {
      due += 1;
      wake();
    }, delay);
    if (ref === false) timer.unref?.();
    const onAbort = () => wake();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (due === 0 && !signal?.aborted)
          await new Promise((resolve) => (wake = () => resolve(0)));
        for (; due > 0; due -= 1) yield value;
        if (signal?.aborted) await aborted(signal);
      }
    } finally {
      timers.clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  class Scheduler {
    yield() {
      return setImmediate();
    }

    /** @param {any} [delay] @param {any} [options] */
    wait(delay, options) {
      return setTimeout(delay, undefined, options);
    }
  }
  return { setTimeout, setImmediate, setInterval, scheduler: new Scheduler() };
}

/** @param {any} delay */
const isDelay = (delay) => delay === undefined || typeof delay === 'number';

/** They are right, and not over already. @param {any} options */
function areOptions(options) {
  if (options === undefined) return true;
  if (options === null || typeof options !== 'object') return false;
  const { signal, ref } = options;
  const isSignal = signal === undefined || (signal instanceof AbortSignal && !signal.aborted);
  return isSignal && (ref === undefined || typeof ref === 'boolean');
}

module.exports = { timerPromises };
