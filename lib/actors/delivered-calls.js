'use strict';
// DeliveredCalls: the calls that an instance was given and has not answered, in order of delivery.
//
// A list through the calls themselves: an idle instance keeps nothing of it. (Not a Set: see lib/handle-table.js.)

/**
 * What the instance runs.
 * @typedef {object} Call
 * @property {import('./instance').ActorInstance | undefined} owner the calling object
 * @property {(instance: import('./instance').ActorInstance) => any} run gives its result, maybe later
 * @property {object} [reachedAs] the stub that a facet was reached by, when it was restored (S3.8.9)
 * @property {boolean} isTakenAtOnce what it gives; else when it leaves, and then an error leaves also when the instance ends before
 * @property {{thrown: number, rejected: number}} errorTurns turns of the microtask queue that workerd takes for an error
 * @property {(value: any) => () => void} resolve takes what run() gave as it is now; gives what hands it over
 * @property {(error: unknown) => () => void} fail likewise what run() threw
 * @property {(handOver: () => void) => void} answer runs it where the caller is: as an event of the calling object, at once for a Worker
 * @property {(error: unknown, wasSent?: boolean) => void} reject the instance ended: what was taken is not handed over
 */

class DeliveredCall {
  /** @type {DeliveredCall | undefined} */
  previous = undefined;
  /** @type {DeliveredCall | undefined} */
  next = undefined;
  isOpen = true;
  /** What its answer waits for; 0: it has none yet. */
  ticket = 0;
  wroteAt = 0;
  /** @type {(() => void) | undefined} it leaves also when the instance ends in the rest of the turn */
  handOver = undefined;

  /** @param {Call} call */
  constructor(call) {
    this.call = call;
  }
}

class DeliveredCalls {
  /** @type {DeliveredCall | undefined} */
  #first = undefined;
  /** @type {DeliveredCall | undefined} */
  #last = undefined;

  get isEmpty() {
    return this.#first === undefined;
  }

  /** @param {Call} call */
  add(call) {
    const delivered = new DeliveredCall(call);
    delivered.previous = this.#last;
    if (this.#last === undefined) this.#first = delivered;
    else this.#last.next = delivered;
    this.#last = delivered;
    return delivered;
  }

  /** @param {DeliveredCall} delivered @returns {boolean} false: it was removed before */
  remove(delivered) {
    if (!delivered.isOpen) return false;
    const { previous, next } = delivered;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    delivered.previous = delivered.next = undefined;
    delivered.isOpen = false;
    return true;
  }

  /** Removes all but those that `isKept` says. @param {(delivered: DeliveredCall) => boolean} [isKept] @returns {Call[]} */
  takeAll(isKept = () => false) {
    const calls = [];
    for (let at = this.#first; at !== undefined;) {
      const { next } = at;
      if (!isKept(at)) {
        calls.push(at.call);
        this.remove(at);
      }
      at = next;
    }
    return calls;
  }
}

module.exports = { DeliveredCalls, DeliveredCall };
