'use strict';
// Tickets: what waits for the output gate, by the core's numbers.
//
// The numbers are never used again, so a Map finds them; it holds nothing but numbers (why: lib/handle-table.js).

const { Slots } = require('./slots');

/**
 * @typedef {object} Waiting
 * @property {import('./actors/instance').ActorInstance | undefined} instance undefined: it is gone, this has outlived it
 * @property {() => void} open
 * @property {(error: unknown) => void} lost
 */

class Tickets {
  /** @type {Map<number, number>} ticket -> token */
  #tokens = new Map();
  /** @type {Slots<Waiting>} */
  #waiting = new Slots();

  /** @param {number} ticket @param {Waiting} waiting */
  add(ticket, waiting) {
    this.#tokens.set(ticket, this.#waiting.add(waiting));
  }

  /** @param {number} ticket @returns {Waiting | undefined} */
  take(ticket) {
    const token = this.#tokens.get(ticket);
    if (token === undefined) return undefined;
    this.#tokens.delete(ticket);
    return this.#waiting.take(token);
  }

  /** It waits on when its instance is gone: what it waits for is committed. @param {number} ticket @returns {boolean} it waits */
  outlive(ticket) {
    const token = this.#tokens.get(ticket);
    if (token === undefined) return false;
    this.#waiting.get(token).instance = undefined;
    return true;
  }

  /** Takes all of `instance`, in order. @param {import('./actors/instance').ActorInstance | undefined} instance @returns {Waiting[]} */
  takeOf(instance) {
    const taken = [];
    for (const [ticket, token] of this.#tokens) {
      if (this.#waiting.get(token).instance !== instance) continue;
      taken.push(/** @type {Waiting} */ (this.take(ticket)));
    }
    return taken;
  }
}

module.exports = { Tickets };
