'use strict';
// Timeout, Immediate: what setTimeout(), setInterval() and setImmediate() give to code of Workers. They have nothing of their own to see,
// so that they can be logged, cloned and stored as on Workers.

/**
 * @typedef {object} Owner whose they are
 * @property {(number: number) => unknown} clear
 * @property {(number: number) => void} refresh
 * @property {(number: number, isReferenced: boolean) => void} reference
 */

class Timer {
  #owner;
  #number;
  #isReferenced = true;

  /** @param {Owner} owner @param {number} number */
  constructor(owner, number) {
    this.#owner = owner;
    this.#number = number;
  }

  /** The process waits for it, as is the rule. */
  ref() {
    return this.#reference(true);
  }

  /** The process may end before it fires. */
  unref() {
    return this.#reference(false);
  }

  hasRef() {
    return this.#isReferenced;
  }

  [Symbol.dispose]() {
    this.#owner.clear(this.#number);
  }

  [Symbol.toPrimitive]() {
    return this.#number;
  }

  /** Its time begins anew. */
  static refresh(/** @type {Timer} */ timer) {
    timer.#owner.refresh(timer.#number);
  }

  /** @param {boolean} isReferenced */
  #reference(isReferenced) {
    this.#isReferenced = isReferenced;
    this.#owner.reference(this.#number, isReferenced);
    return this;
  }
}

/** As Node's `Timeout`. */
class Timeout extends Timer {
  refresh() {
    Timer.refresh(this);
    return this;
  }

  close() {
    this[Symbol.dispose]();
    return this;
  }
}

/** As Node's `Immediate`. */
class Immediate extends Timer {}

module.exports = { Immediate, Timeout };
