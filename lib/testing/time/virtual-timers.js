'use strict';
// VirtualTimers: timers that fire when their test says so, in order of the time they are due and, at the same time, of their start.
// Pure, but for the async context that a callback runs in: the one that it was started in.

const { AsyncLocalStorage } = require('node:async_hooks');

/** Numbers that Node's timers do not reach. */
const kFirstNumber = 2 ** 40;

/** As Node's `Timeout`. */
class VirtualTimer {
  #timers;
  #number;
  isReferenced = true;

  /** @param {VirtualTimers} timers @param {number} number */
  constructor(timers, number) {
    this.#timers = timers;
    this.#number = number;
  }

  ref() {
    this.isReferenced = true;
    return this;
  }

  unref() {
    this.isReferenced = false;
    return this;
  }

  hasRef() {
    return this.isReferenced;
  }

  refresh() {
    this.#timers.refresh(this.#number);
    return this;
  }

  close() {
    this.#timers.clear(this.#number);
    return this;
  }

  [Symbol.dispose]() {
    this.close();
  }

  [Symbol.toPrimitive]() {
    return this.#number;
  }
}

/**
 * @typedef {object} Entry
 * @property {number} due milliseconds on the clock of these timers
 * @property {number} delay
 * @property {boolean} repeats
 * @property {boolean} isLimit it is the runtime's own
 * @property {() => void} fire
 */

class VirtualTimers {
  /** Milliseconds since these timers began. */
  elapsed = 0;
  /** @type {Map<number, Entry>} by number: in order of their start */
  #entries = new Map();
  #next = kFirstNumber;

  /** @param {any} callback @param {any} ms @param {any[]} args @param {{repeats?: boolean, isLimit?: boolean}} how @returns {VirtualTimer} */
  start(callback, ms, args, { repeats = false, isLimit = false }) {
    if (typeof callback !== 'function') {
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    }
    const delay = Math.max(Math.trunc(Number(ms)) || 0, repeats ? 1 : 0);
    const inContext = AsyncLocalStorage.snapshot();
    const number = this.#next;
    this.#next += 1;
    this.#entries.set(number, {
      due: this.elapsed + delay,
      delay,
      repeats,
      isLimit,
      fire: () => inContext(callback, ...args),
    });
    return new VirtualTimer(this, number);
  }

  /** @param {any} timer @returns {boolean} false: it is none of these */
  clear(timer) {
    return typeof timer === 'number' || timer instanceof VirtualTimer
      ? this.#entries.delete(Number(timer))
      : false;
  }

  /** @param {number} number */
  refresh(number) {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    this.#entries.delete(number);
    this.#entries.set(number, { ...entry, due: this.elapsed + entry.delay });
  }

  clearAll() {
    for (const [number, { isLimit }] of this.#entries) if (!isLimit) this.#entries.delete(number);
  }

  /** Those of users. */
  get count() {
    return this.#users.length;
  }

  /** When the first of all is due; null: there is none. */
  get nextDue() {
    return this.#first?.entry.due ?? null;
  }

  /** When the first one of users is due. */
  get nextUserDue() {
    const dues = this.#users.map(({ due }) => due);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  get lastUserDue() {
    const dues = this.#users.map(({ due }) => due);
    return dues.length === 0 ? null : Math.max(...dues);
  }

  /** Fires the first one that is due by now. @returns {boolean} false: there is none */
  fireNext() {
    const first = this.#first;
    if (first === undefined || first.entry.due > this.elapsed) return false;
    const { number, entry } = first;
    this.#entries.delete(number);
    if (entry.repeats) this.#entries.set(number, { ...entry, due: entry.due + entry.delay });
    entry.fire();
    return true;
  }

  get #users() {
    return [...this.#entries.values()].filter(({ isLimit }) => !isLimit);
  }

  /** @returns {{number: number, entry: Entry} | undefined} */
  get #first() {
    let first;
    for (const [number, entry] of this.#entries)
      if (first === undefined || entry.due < first.entry.due) first = { number, entry };
    return first;
  }
}

module.exports = { VirtualTimers };
