'use strict';
// Which object's code runs right now: carried through awaits, timers and callbacks by AsyncLocalStorage.
//
// What it decides: which writes an output waits for, whose a timer is, how events reach a socket. The cost and the choice:
// docs/decisions/0010-context.md.

const { AsyncLocalStorage } = require('node:async_hooks');

/** @type {AsyncLocalStorage<import('./actors/instance').ActorInstance | undefined>} */
const storage = new AsyncLocalStorage();

const current = {
  /** undefined: code of a Worker, or of nobody. */
  get instance() {
    return storage.getStore();
  },
};

/**
 * @template T
 * @param {import('./actors/instance').ActorInstance | undefined} instance undefined: code of nobody
 * @param {() => T} run
 * @returns {T}
 */
const runAs = (instance, run) => storage.run(instance, run);

module.exports = { current, runAs };
