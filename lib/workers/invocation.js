'use strict';
// Invocation: one event of a Worker from its start to its end: a request, or a call of an entrypoint. RPC targets of its code live
// here, and the stubs its code got belong to it (spec S7.6.3, S7.6.4).
//
// A request ends when its response has left and what waitUntil() was given has settled. A call of an entrypoint stays also while its
// caller has stubs to what the call gave out. At the end its stubs are disposed of, and calls of its functions are refused.

const { runAs } = require('../current');

class Invocation {
  isObject = /** @type {const} */ (false);
  isLive = true;
  /** @type {Set<Disposable>} */
  stubs = new Set();
  /** Who waits for what it does. @type {((error: unknown) => void) | undefined} */
  #firstCaller;
  /** @type {Set<(error: unknown) => void>} */
  #others = new Set();
  #hasBegun = false;
  #isAborted = false;
  #reasons = 0;
  #worker;
  #targetsCount;

  /** @param {import('./worker').Worker} worker @param {'request' | 'session'} kind */
  constructor(worker, kind) {
    this.#worker = worker;
    this.#targetsCount = kind === 'session';
  }

  get worker() {
    return this.#worker;
  }

  get flags() {
    return this.#worker.flags;
  }

  /** @template T @param {() => T} run @returns {T} */
  run(run) {
    return runAs(this, run);
  }

  /** The call itself, or RPC to a function or target that lives here. @template T @param {() => Promise<T>} run @returns {Promise<T>} */
  perform(run) {
    const performed = this.untilAborted(runAs(this, run));
    if (!this.#targetsCount || this.#hasBegun) return performed;
    this.#hasBegun = true;
    // Whoever made the call gets the reason as it is, as in workerd.
    return performed.catch((error) => {
      if (this.#isAborted) delete (/** @type {any} */ (error).remote);
      throw error;
    });
  }

  /** Settles as `promise`, or rejects with the reason of abort(). @template T @param {Promise<T>} promise @returns {Promise<T>} */
  untilAborted(promise) {
    return new Promise((resolve, reject) => {
      if (this.#firstCaller === undefined) {
        // Most have one. To reject what has settled does nothing, so there is nothing to take back.
        this.#firstCaller = reject;
        promise.then(resolve, reject);
        return;
      }
      this.#others.add(reject);
      const end = (/** @type {() => void} */ settle) => {
        if (this.#others.delete(reject)) settle();
      };
      promise.then(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
    });
  }

  /** S1.14.7: it ends now; who waits for it gets the reason. @param {unknown} reason @param {unknown} seen the reason as others get it @returns {never} */
  abort(reason, seen) {
    if (this.isLive) this.#end();
    this.#isAborted = true;
    this.#firstCaller?.(seen);
    for (const reject of this.#others) reject(seen);
    this.#others.clear();
    throw reason;
  }

  /** A handle to a target is out. */
  hold() {
    if (this.#targetsCount) this.#reasons += 1;
  }

  release() {
    if (this.#targetsCount) this.done();
  }

  /** It goes on until done() was called as often as begin(). */
  begin() {
    this.#reasons += 1;
  }

  done() {
    this.#reasons -= 1;
    if (this.#reasons === 0 && this.isLive) this.#end();
  }

  #end() {
    this.isLive = false;
    for (const stub of this.stubs) stub[Symbol.dispose]();
  }
}

module.exports = { Invocation };
