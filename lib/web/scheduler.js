// scheduler: the global (S9.2): a timer as a promise.
'use strict';

const { parameterError } = require('./errors.js');
const { defineInterface } = require('./interface.js');

/** @typedef {{setTimeout: Function, clearTimeout: Function}} Timers */

/** @param {Timers} timers of the code that calls, so that an object's wait is one of the object's timers */
function makeScheduler({ setTimeout, clearTimeout }) {
  class Scheduler {
    /** @param {number} ms @param {{signal?: AbortSignal}} [options] @returns {Promise<void>} */
    async wait(ms, options) {
      if (ms === undefined) throw parameterError('wait', 'Scheduler', 1, 'number');
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
  return new Scheduler();
}

module.exports = { makeScheduler };
