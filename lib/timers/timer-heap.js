'use strict';
// TimerHeap: timers in the order in which they are due, those due at the same time in the order of `order`. A binary heap in which each
// entry knows its place, so that one that is cleared goes at once: a timer that is always cleared, like a time limit, leaves nothing. A
// package for this is 90 KB to read at each start.

/** @typedef {{due: number, order: number, place: number}} Entry `place`: the heap's own, below 0: not in it */

/** @template {Entry} E */
class TimerHeap {
  /** @type {E[]} */
  #entries = [];

  get size() {
    return this.#entries.length;
  }

  /** @returns {E | undefined} the one that is due first */
  get first() {
    return this.#entries[0];
  }

  /** @param {E} entry */
  add(entry) {
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  /** @param {E} entry that may be in it */
  remove(entry) {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = /** @type {E} */ (this.#entries.pop());
    if (last === entry) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  /** @param {E} entry @param {number} place */
  #rise(entry, place) {
    const entries = this.#entries;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(entry, entries[above])) break;
      this.#put(entries[above], place);
      place = above;
    }
    this.#put(entry, place);
  }

  /** @param {E} entry @param {number} place */
  #sink(entry, place) {
    const entries = this.#entries;
    for (let below = 2 * place + 1; below < entries.length; below = 2 * place + 1) {
      if (below + 1 < entries.length && isBefore(entries[below + 1], entries[below])) below += 1;
      if (!isBefore(entries[below], entry)) break;
      this.#put(entries[below], place);
      place = below;
    }
    this.#put(entry, place);
  }

  /** @param {E} entry @param {number} place */
  #put(entry, place) {
    this.#entries[place] = entry;
    entry.place = place;
  }
}

/** @param {Entry} one @param {Entry} other */
function isBefore(one, other) {
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}

module.exports = { TimerHeap };
