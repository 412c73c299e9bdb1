'use strict';
// TargetCalls: calls of functions and targets that live in an object, and of its streams, as events of that object (spec S7.6). Their
// answers leave as those of the object's own calls do (answers.js): at rest, once what it wrote is durable.

class TargetCalls {
  #instance;
  /** What rejects each, and what hands its answer over when there is one. @type {Map<(error: unknown) => void, (() => void) | undefined>} */
  #open = new Map();

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /** @template T @param {() => Promise<T>} run @param {number} section @returns {Promise<T>} */
  perform(run, section) {
    const instance = this.#instance;
    const open = this.#open;
    return new Promise((resolve, reject) => {
      open.set(reject, undefined);
      const settle = (/** @type {() => void} */ handOver) => {
        if (open.delete(reject)) handOver();
      };
      const lost = () => settle(() => reject(instance.severance()));
      const end = (/** @type {() => void} */ handOver) => {
        if (!open.has(reject)) return;
        open.set(reject, handOver);
        instance.shard.whenRested(() => {
          if (open.has(reject)) instance.whenDurable(() => settle(handOver), lost);
        });
      };
      instance.postTask(() => {
        run().then(
          (value) => end(() => resolve(value)),
          (error) => end(() => reject(error)),
        );
      }, section);
    });
  }

  /** The instance ended. @param {boolean} isDurable all that it wrote: answers that are there leave */
  endAll(isDurable) {
    for (const [reject, handOver] of this.#open) {
      if (isDurable && handOver !== undefined) handOver();
      else reject(this.#instance.severance());
    }
    this.#open.clear();
  }
}

module.exports = { TargetCalls };
