'use strict';
// ReplayedTarget: what an RpcStub stands for that was loaded, until [restore]() has given the target itself: at its first call (spec
// S3.8.9). In the place of a Target (lib/rpc/target.js).
//
// Calls wait for the target in their order. When it cannot be had, each of them, and each later one, gets the reason.

const { handleOf } = require('../rpc/rpc-stub');
const { disposeAll, sendTo } = require('../rpc/perform');

class ReplayedTarget {
  host = undefined;
  section = 0;
  references = 0;
  #restored;
  /** @type {Promise<import('../rpc/target').AnyTarget> | undefined} once it was asked for; `#stub` keeps it */
  #inner;
  /** @type {any} what [restore]() gave */
  #stub;

  /** @param {import('./restored').Restored} restored */
  constructor(restored) {
    this.#restored = restored;
  }

  retain() {
    this.references += 1;
  }

  /** The target goes with the last stub. */
  release() {
    this.references -= 1;
    if (this.references > 0) return;
    this.#inner?.then(
      () => this.#stub[Symbol.dispose](),
      () => {},
    );
  }

  /** It lives nowhere; what it asked for is held by its stub. */
  hold() {}

  letGo() {}

  /** Asks for the target. @returns {Promise<import('../rpc/target').AnyTarget>} */
  begin() {
    if (this.#inner === undefined) {
      this.#inner = this.#ask();
      this.#inner.catch(() => {}); // each call gets the reason
    }
    return this.#inner;
  }

  async #ask() {
    const stub = await this.#restored.replay('stub');
    const handle = handleOf(stub);
    if (handle.target === undefined) throw new Error('RPC stub used after being disposed.');
    handle.moveTo(undefined); // whoever asked, it is there for all
    this.#stub = stub;
    return handle.target;
  }

  /** For a dup() of its stub: one that was never used asks for itself. @returns {ReplayedTarget} */
  forDup() {
    return this.#inner === undefined ? new ReplayedTarget(this.#restored) : this;
  }

  /**
   * A call on its way to the target.
   * @param {string[]} path
   * @param {import('../rpc/perform').Given} given
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  forward(path, given, result) {
    const { caller } = result;
    if (caller?.isObject) result.section ??= caller.currentSection; // it is sent when that may be another
    this.retain(); // it is there until the call is sent
    this.begin().then(
      (inner) => {
        sendTo(inner, path, given, result);
        this.release();
      },
      (error) => {
        this.release();
        disposeAll(given.stubs);
        result.reject(error);
      },
    );
  }
}

module.exports = { ReplayedTarget };
