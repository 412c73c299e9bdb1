'use strict';
// CriticalSections: blockConcurrencyWhile and transaction() of one instance (spec S1.12).
//
// The core holds back every event that does not belong to the open section; this class runs the callbacks. A callback starts in a
// turn of its own, so after the code that asked for it let go (S1.12.2).

const { AsyncResource } = require('node:async_hooks');
const { time } = require('../time');

const kTimeLimitMs = 30_000;
const kTimedOut =
  'A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset.';

class CriticalSections {
  #instance;
  /** @type {number[]} sections whose callback runs, innermost last */
  #running = [];

  /** sections opened and not closed, those that wait for their turn too */
  #open = 0;

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /** The section that code running now belongs to: while one is open, only its code runs. */
  get current() {
    return this.#running.at(-1) ?? 0;
  }

  /** May an event of `section` run now? @param {number} section */
  isOpenFor(section) {
    if (this.#open === 0) return true;
    const instance = this.#instance;
    return instance.shard.native.isOpenFor(instance.handle, section);
  }

  /**
   * Holds every other event until `promise` has settled and what awaits it went on (S2.5.3).
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  retain(promise) {
    const instance = this.#instance;
    const { native } = instance.shard;
    const section = instance.isLive ? native.openSection(instance.handle, this.current) : 0;
    if (section === 0) return promise;
    this.#open += 1;
    return new Promise((resolve, reject) => {
      const end = (/** @type {() => void} */ settle) => {
        this.#open -= 1;
        if (!instance.isLive) return;
        native.closeSection(instance.handle, section);
        instance.shard.touch();
        instance.shard.wake();
        settle();
      };
      promise.then(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
    });
  }

  /**
   * @template T
   * @param {() => Promise<T> | T} callback
   * @param {'reset' | 'report'} onFailure
   * @returns {Promise<T>}
   */
  run(callback, onFailure) {
    const instance = this.#instance;
    instance.checkLive();
    const parent = this.current;
    const section = instance.shard.native.openSection(instance.handle, parent);
    if (section === 0) {
      return Promise.reject(new Error('blockConcurrencyWhile() calls are nested too deeply.'));
    }
    this.#open += 1;
    // It runs in the async context of this call (S9.4.5), with the global object as `this` as in workerd.
    const bound = AsyncResource.bind(callback, 'blockConcurrencyWhile', globalThis);
    return new Promise((resolve, reject) => {
      instance.shard.postTask(
        instance,
        () => this.#start(section, parent, bound, onFailure, resolve, reject),
        section,
      );
    });
  }

  /**
   * @param {number} section
   * @param {number} parent
   * @param {() => any} callback
   * @param {'reset' | 'report'} onFailure
   * @param {(value: any) => void} resolve
   * @param {(error: unknown) => void} reject
   */
  #start(section, parent, callback, onFailure, resolve, reject) {
    const instance = this.#instance;
    this.#running.push(section);
    const timer = time.setLimit(() => {
      instance.break(Object.assign(new Error(kTimedOut), { overloaded: true }));
    }, kTimeLimitMs);
    const end = (/** @type {() => void} */ settle) => {
      time.clearTimeout(timer);
      this.#running = this.#running.filter((open) => open !== section);
      this.#open -= 1;
      if (!instance.isLive) return;
      instance.shard.native.closeSection(instance.handle, section);
      instance.shard.touch();
      instance.shard.wake();
      instance.progress?.pass(onFailure === 'report' ? 'transactionEnd' : 'sectionEnd');
      // What waits for the section's value goes on as code of the enclosing section, before anything that was held.
      settle();
    };
    const fail = (/** @type {unknown} */ error) => {
      if (onFailure === 'report') {
        end(() => reject(error));
        return;
      }
      time.clearTimeout(timer);
      instance.break(error); // the promise given out never settles (S1.12.6)
    };
    // Not before all that is ready has run, as in workerd, where the end is an event of its own.
    try {
      Promise.resolve(callback()).then(
        (value) => process.nextTick(() => end(() => resolve(value))),
        (error) => instance.shard.whenRested(() => fail(error)), // before what that code wrote is committed
      );
    } catch (error) {
      queueMicrotask(() =>
        process.nextTick(() => {
          if (onFailure === 'reset') instance.shard.commitNow(); // as workerd does before it hears of it
          fail(error);
        }),
      );
    }
  }
}

module.exports = { CriticalSections };
