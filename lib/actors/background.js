'use strict';
// Background: what an object gave to waitUntil() and is not over (S1.11.2). It keeps the instance, and close() waits for it.

const { reportError } = require('../report-error');

class Background {
  #instance;
  /** @type {Set<() => void>} each ends one wait */
  #ends = new Set();

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  get size() {
    return this.#ends.size;
  }

  /**
   * A failure is reported.
   * @param {unknown} promise
   * @param {() => void} settled is called when it is over, or cut off by endAll()
   */
  add(promise, settled) {
    const instance = this.#instance;
    instance.hold();
    const over = new Promise((resolve) => {
      const end = () => {
        this.#ends.delete(end);
        instance.release();
        settled();
        resolve(undefined);
      };
      this.#ends.add(end);
      Promise.resolve(promise).catch(reportError).then(end);
    });
    instance.namespace.worker.track(over);
  }

  /** The instance ended: nothing of it is waited for. */
  endAll() {
    for (const end of this.#ends) end();
  }
}

module.exports = { Background };
