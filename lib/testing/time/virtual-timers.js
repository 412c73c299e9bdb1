'use strict';
// VirtualTimers: timers that fire when their test says so, in order of the time they are due and, at the same time, of their start.
// Pure, but for the async context that a callback runs in: the one that it was started in.

const { AsyncLocalStorage } = require('node:async_hooks');
const { real } = require('../../time');
const { delayOf } = require('../../timers/ordered-timers');
const { Immediate, Timeout } = require('../../timers/timeout');
const { TimerHeap } = require('../../timers/timer-heap');

/** Numbers that no other timers reach. */
const kFirstNumber = 2 ** 40;

/**
 * @typedef {object} Entry
 * @property {number} due milliseconds on the clock of these timers
 * @property {number} order its number
 * @property {number} place
 * @property {number} delay
 * @property {boolean} repeats
 * @property {boolean} isLimit it is the runtime's own
 * @property {(() => void) | undefined} onClear it will not fire any more
 * @property {() => void} fire
 */

class VirtualTimers {
  /** Milliseconds since these timers began. */
  elapsed = 0;
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {TimerHeap<Entry>} */
  #heap = new TimerHeap();
  #next = kFirstNumber;

  /**
   * @param {any} callback
   * @param {any} ms
   * @param {any[]} args
   * @param {{repeats?: boolean, isLimit?: boolean, onClear?: () => void, Kind?: typeof Timeout | typeof Immediate}} how
   * @returns {any} of class `Kind`
   */
  start(callback, ms, args, { repeats = false, isLimit = false, onClear, Kind = Timeout }) {
    if (typeof callback !== 'function') real.setTimeout(callback); // throws as Node.js does
    const delay = Math.max(delayOf(ms), repeats ? 1 : 0);
    const inContext = AsyncLocalStorage.snapshot();
    const number = this.#next;
    this.#next += 1;
    const fire = () => inContext(callback, ...args);
    const due = this.elapsed + delay;
    const entry = { due, order: number, place: -1, delay, repeats, isLimit, onClear, fire };
    this.#entries.set(number, entry);
    this.#heap.add(entry);
    return new Kind(this, number);
  }

  /** @param {any} timer @returns {boolean} false: it is none of these */
  clear(timer) {
    if (typeof timer !== 'number' && !(timer instanceof Timeout) && !(timer instanceof Immediate))
      return false;
    const entry = this.#entries.get(Number(timer));
    if (entry === undefined) return false;
    this.#forget(entry);
    entry.onClear?.();
    return true;
  }

  /** @param {Entry} entry */
  #forget(entry) {
    this.#heap.remove(entry);
    this.#entries.delete(entry.order);
  }

  /** @param {number} number */
  refresh(number) {
    const entry = this.#entries.get(number);
    if (entry !== undefined) this.#again(entry, this.elapsed + entry.delay);
  }

  /** Nobody waits for them but who moves their time. */
  reference() {}

  clearAll() {
    for (const [number, { isLimit }] of this.#entries) if (!isLimit) this.clear(number);
  }

  /** Those of users. */
  get count() {
    return this.#users.length;
  }

  /** When the first of all is due; null: there is none. */
  get nextDue() {
    return this.#heap.first?.due ?? null;
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
    const entry = this.#heap.first;
    if (entry === undefined || entry.due > this.elapsed) return false;
    if (entry.repeats) this.#again(entry, entry.due + entry.delay);
    else this.#forget(entry);
    entry.fire();
    return true;
  }

  /** @param {Entry} entry @param {number} due */
  #again(entry, due) {
    this.#heap.remove(entry);
    entry.due = due;
    this.#heap.add(entry);
  }

  get #users() {
    return [...this.#entries.values()].filter(({ isLimit }) => !isLimit);
  }
}

module.exports = { VirtualTimers };
