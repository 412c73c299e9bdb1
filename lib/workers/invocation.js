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
  #reasons = 0;
  #worker;
  #targetsCount;

  /** @param {import('./worker').Worker} worker @param {'request' | 'session'} kind */
  constructor(worker, kind) {
    this.#worker = worker;
    this.#targetsCount = kind === 'session';
  }

  get flags() {
    return this.#worker.flags;
  }

  /** @template T @param {() => T} run @returns {T} */
  run(run) {
    return runAs(this, run);
  }

  /** RPC to a function or target that lives here. @template T @param {() => Promise<T>} run @returns {Promise<T>} */
  perform(run) {
    return runAs(this, run);
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
