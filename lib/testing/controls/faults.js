'use strict';
// Faults: what goes wrong because a test wants it to (spec S2.6.6, S4.10.4, S1.9.7).

const kCommitFailed = 'The write was lost: the commit failed, as the test asked for.';
const kGone = 'Network connection lost.';

class Faults {
  #shardOf;
  #objects;

  /** @param {() => import('../../shard').Shard} shardOf @param {import('./objects').Objects} objects */
  constructor(shardOf, objects) {
    this.#shardOf = shardOf;
    this.#objects = objects;
  }

  /**
   * The next commit that has writes fails: the object is reset, nothing of what waited for it leaves, its storage is what it was.
   * @param {any} [stub] of this object; without it: of any, also of those where bindings keep their data
   * @param {Error | string} [error] whose text its callers get
   */
  failNextCommit(stub, error = kCommitFailed) {
    const message = typeof error === 'string' ? error : error.message;
    this.#shardOf().native.failCommit(message, stub && this.#handleOf(stub));
  }

  /** While it is, every commit fails as on a full disk; what is stored can be read. @param {boolean} isFull */
  diskFull(isFull) {
    this.#shardOf().native.setDiskFull(isFull);
  }

  /**
   * The object goes away with all that waits for it, as when the machine it is on is lost: calls under way, and those that were made
   * behind this one, reject, its sockets are cut; stubs that were used are broken (S1.9.4), new ones find the next incarnation.
   * @param {any} stub
   * @returns {Promise<void>} when it is gone
   */
  calleeGone(stub) {
    const { send } = this.#objects.partsOf(stub, 'calleeGone');
    const error = Object.assign(new Error(kGone), { retryable: true });
    return new Promise((resolve) => {
      send({
        deliver: (instance) => {
          instance.break(error);
          resolve();
        },
        reject: () => resolve(),
      });
    });
  }

  /** Nothing fails any more. */
  clear() {
    this.#shardOf().native.clearFaults();
  }

  /** @param {any} stub */
  #handleOf(stub) {
    const { entry, id } = this.#objects.partsOf(stub, 'failNextCommit');
    return this.#shardOf().actors.channelTo(entry, id).handle;
  }
}

module.exports = { Faults };
