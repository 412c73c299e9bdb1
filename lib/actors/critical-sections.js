'use strict';
// CriticalSections: blockConcurrencyWhile and transaction() of one instance (spec S1.12).
//
// The core holds back every event that does not belong to the open section; this class runs the callbacks. A callback starts in a
// turn of its own, so after the code that asked for it let go (S1.12.2).

const { AsyncResource } = require('node:async_hooks');

const kTimeLimitMs = 30_000;
const kTimedOut =
  'A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset.';

// Node's own: the limit is not a timer of the object.
const kSetTimeout = setTimeout;
const kClearTimeout = clearTimeout;

class CriticalSections {
  #instance;
  /** @type {number[]} sections whose callback runs, innermost last */
  #running = [];

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /** The section that code running now belongs to: while one is open, only its code runs. */
  get current() {
    return this.#running.at(-1) ?? 0;
  }

  /** May code of `section` run now? @param {number} section */
  isOpenFor(section) {
    return this.#running.length === 0 || this.#running.includes(section);
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
    const bound = AsyncResource.bind(callback); // it runs in the async context of this call (S9.4.5)
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
    const timer = kSetTimeout(() => {
      instance.break(Object.assign(new Error(kTimedOut), { overloaded: true }));
    }, kTimeLimitMs);
    const end = (/** @type {() => void} */ settle) => {
      kClearTimeout(timer);
      this.#running = this.#running.filter((open) => open !== section);
      if (!instance.isLive) return;
      instance.shard.native.closeSection(instance.handle, section);
      instance.shard.touch();
      // What waits for the section's value goes on as code of the enclosing section, in a turn of its own.
      instance.postTask(settle, parent);
    };
    const fail = (/** @type {unknown} */ error) => {
      if (onFailure === 'report') {
        end(() => reject(error));
        return;
      }
      kClearTimeout(timer);
      instance.break(error); // the promise given out never settles (S1.12.6)
    };
    try {
      Promise.resolve(callback()).then((value) => end(() => resolve(value)), fail);
    } catch (error) {
      fail(error);
    }
  }
}

module.exports = { CriticalSections };
