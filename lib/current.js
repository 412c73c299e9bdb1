'use strict';
// Whose code runs right now: an object's, or that of one invocation of a Worker. Carried through awaits, timers and callbacks by
// AsyncLocalStorage.
//
// What it decides: which writes an output waits for, whose a timer is, how events reach a socket, whose an RPC stub is. The cost and
// the choice: docs/decisions/0010-context.md.

const { AsyncLocalStorage } = require('node:async_hooks');

/** @typedef {import('./actors/instance').ActorInstance | import('./workers/invocation').Invocation} Context */

/** @type {AsyncLocalStorage<Context | undefined>} */
const storage = new AsyncLocalStorage();

const current = {
  /** @returns {import('./actors/instance').ActorInstance | undefined} undefined: code of a Worker, or of nobody. */
  get instance() {
    const context = storage.getStore();
    return context?.isObject ? context : undefined;
  },

  /** @returns {Context | undefined} undefined: code of nobody */
  get context() {
    return storage.getStore();
  },
};

/**
 * @template {any[]} Args
 * @template T
 * @param {Context | undefined} context undefined: code of nobody
 * @param {(...args: Args) => T} run
 * @param {Args} args of it; cheaper than a closure
 * @returns {T}
 */
const runAs = (context, run, ...args) => storage.run(context, run, ...args);

const snapshot = () => AsyncLocalStorage.snapshot();

/**
 * As runAs(), for an event that the core delivers: around it is the same for all events. From Node 24 on every run() makes two copies of
 * a map, which costs more than twice what it takes to enter a frame that was made before.
 * @type {<Args extends any[], T>(instance: import('./actors/instance').ActorInstance, run: (...args: Args) => T, ...args: Args) => T}
 */
const runEvent =
  Number(process.versions.node.split('.')[0]) < 24
    ? runAs
    : (instance, run, ...args) => {
        instance.enterFrame ??= storage.run(instance, snapshot);
        return instance.enterFrame(run, ...args);
      };

module.exports = { current, runAs, runEvent };
