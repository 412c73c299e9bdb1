'use strict';
// Restored: how a stub that ctx.restore() gave is made again: whose [restore]() method gave it, and with which parameters (spec S3.8.9).
// It is what is written down of such a stub. The stub of who is asked may be a restored one itself: a chain.

const { kPass, kRestore } = require('../rpc/invoke');
const { PendingResult } = require('../rpc/pending-result');
const { ReplayedTarget } = require('./replayed-target');

class Restored {
  #vendor;
  #params;
  #isPersistent;

  /**
   * @param {any} vendor a stub of who has the [restore]() method
   * @param {object} params a copy that nobody else has
   * @param {boolean} isPersistent the vendor allows it to be stored
   */
  constructor(vendor, params, isPersistent) {
    this.#vendor = vendor;
    this.#params = params;
    this.#isPersistent = isPersistent;
  }

  /**
   * Calls the method for the code that runs.
   * @param {import('./call-restore').Kind} gives
   * @returns {Promise<any>} rejects with what the method throws
   */
  async replay(gives) {
    const result = new PendingResult();
    try {
      this.#vendor[kRestore](this.#params, gives, result);
    } catch (error) {
      result.reject(error);
    }
    try {
      return await result.promise;
    } catch (/** @type {any} */ error) {
      // Whoever uses the stub gets it as if there were no call in between, as in workerd.
      if (error instanceof Error) delete (/** @type {any} */ (error).remote);
      throw error;
    }
  }

  /** For the other side of a call, which begins the chain anew. */
  passed() {
    return new Restored(this.#vendor[kPass](), this.#params, this.#isPersistent);
  }

  /** @param {number} tag @returns {import('../rpc/invoke').Description} */
  describe(tag) {
    const fields = ['restored', this.#vendor, this.#params];
    return { tag, fields, isPersistent: this.#isPersistent };
  }

  /** What a new RpcStub stands for: it asks when it is used first. */
  target() {
    return new ReplayedTarget(this);
  }
}

module.exports = { Restored };
