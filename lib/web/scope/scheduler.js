// scheduler: the global (S9.2): a timer as a promise.
'use strict';

const { parameterError } = require('../errors.js');
const { defineInterface } = require('../interface.js');

/** @typedef {{setTimeout: Function, clearTimeout: Function}} Timers */

const kMake = Symbol('make');

/** One class for all: what is defined as an interface is known for as long as the process lives. */
class Scheduler {
  #timers;

  /** @param {symbol} key @param {Timers} timers */
  constructor(key, timers) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#timers = timers;
  }

  /** @param {number} ms @param {{signal?: AbortSignal}} [options] @returns {Promise<void>} */
  async wait(ms, options) {
    if (arguments.length === 0) throw parameterError('wait', 'Scheduler', 1, 'number');
    const { setTimeout, clearTimeout } = this.#timers;
    const signal = options?.signal;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, Number(ms));
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
defineInterface(Scheduler);

/** @param {Timers} timers of the code that calls, so that an object's wait is one of the object's timers */
const makeScheduler = (timers) => new Scheduler(kMake, timers);

module.exports = { makeScheduler };
