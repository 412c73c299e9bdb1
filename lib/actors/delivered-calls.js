'use strict';
// DeliveredCalls: the calls that an instance was given and has not answered, in order of delivery.
//
// A list through the calls themselves: an idle instance keeps nothing of it. (Not a Set: see lib/handle-table.js.)

/**
 * What the instance runs.
 * @typedef {object} Call
 * @property {(instance: import('./instance').ActorInstance) => any} run gives its result, maybe later
 * @property {(value: any) => void} resolve gets it once the output gate lets it out
 * @property {(error: unknown) => void} fail what run() threw; likewise
 * @property {(error: unknown, wasSent?: boolean) => void} reject the instance ended
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
