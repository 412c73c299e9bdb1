'use strict';
// OrderedTimers: timers that fire in the order in which they are due, as on Workers. Node's own fire a delay of 0 after 1 ms, those of one
// delay together when they are late, and one of more than 2^31 - 1 ms at once.
//
// Each has a timer of Node's that wakes it, in the async context that started it; one that is woken before its turn waits for the
// next round of the event loop.

const { performance } = require('node:perf_hooks');
const { Timeout } = require('./timeout');
const { TimerHeap } = require('./timer-heap');

/** Node's own, whatever stands on the global object later. */
const node = {
  now: performance.now.bind(performance),
  ...{ setTimeout, clearTimeout, setImmediate, clearImmediate },
};

/** The longest time of a timer of Node's. */
const kWakeMax = 2 ** 31 - 1;
/** More than anybody waits. */
const kDelayMax = 2 ** 53;
/** Numbers that Node's own timers hardly reach. */
const kFirstNumber = 2 ** 30;

/**
 * @typedef {object} Entry
 * @property {number} number
 * @property {number} due milliseconds of `performance.now()`
 * @property {number} order
 * @property {number} place
 * @property {number} delay whole milliseconds
 * @property {boolean} repeats
 * @property {boolean} isReferenced
 * @property {Function} callback
 * @property {(() => void) | undefined} onClear it will not fire any more
 * @property {any[]} args
 * @property {NodeJS.Timeout | undefined} timeout that wakes it
 * @property {NodeJS.Immediate | undefined} immediate that wakes it
 */

class OrderedTimers {
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {TimerHeap<Entry>} */
  #heap = new TimerHeap();
  #started = 0;
  #host;

  /** @param {Pick<typeof node, 'now' | 'setTimeout' | 'clearTimeout' | 'setImmediate' | 'clearImmediate'>} [host] */
  constructor(host = node) {
    this.#host = host;
  }

  /**
   * @param {Function} callback
   * @param {any} ms
   * @param {any[]} args
   * @param {{repeats?: boolean, onClear?: () => void, Kind?: typeof Timeout | typeof import('./timeout').Immediate}} [how]
   * @returns {any} of class `Kind`
   */
  start(callback, ms, args, { repeats = false, onClear, Kind = Timeout } = {}) {
    const delay = delayOf(ms);
    const number = kFirstNumber + this.#started;
    /** @type {Entry} */
    const entry = {
      number,
      due: 0,
      order: 0,
      place: -1,
      delay,
      repeats,
      isReferenced: true,
      callback,
      onClear,
      args,
      timeout: undefined,
      immediate: undefined,
    };
    this.#entries.set(number, entry);
    this.#arm(entry);
    return new Kind(this, number);
  }

  /** @param {unknown} timer a number or a Timeout @returns {boolean} false: it is none of these, or over */
  clear(timer) {
    const entry = this.#entries.get(Number(timer));
    if (entry === undefined) return false;
    this.#entries.delete(entry.number);
    this.#heap.remove(entry);
    this.#sleep(entry);
    entry.onClear?.();
    return true;
  }

  /** @param {number} number */
  refresh(number) {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    this.#sleep(entry);
    this.#heap.remove(entry);
    this.#arm(entry);
  }

  /** @param {number} number @param {boolean} isReferenced */
  reference(number, isReferenced) {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    entry.isReferenced = isReferenced;
    applyReference(entry);
  }

  /** @param {Entry} entry */
  #arm(entry) {
    entry.due = this.#host.now() + entry.delay;
    entry.order = this.#started;
    this.#started += 1;
    this.#heap.add(entry);
    if (entry.delay === 0) this.#wakeNext(entry);
    else this.#wakeAfter(entry, entry.delay);
  }

  /** @param {Entry} entry @param {number} ms */
  #wakeAfter(entry, ms) {
    entry.immediate = undefined;
    entry.timeout = this.#host.setTimeout(this.#wake, Math.min(ms, kWakeMax), entry);
    if (!entry.isReferenced) applyReference(entry);
  }

  /** @param {Entry} entry */
  #wakeNext(entry) {
    entry.timeout = undefined;
    entry.immediate = this.#host.setImmediate(this.#wake, entry);
    if (!entry.isReferenced) applyReference(entry);
  }

  /** @param {Entry} entry */
  #sleep({ timeout, immediate }) {
    if (timeout !== undefined) this.#host.clearTimeout(timeout);
    if (immediate !== undefined) this.#host.clearImmediate(immediate);
  }

  /** @param {Entry} entry */
  #wake = (entry) => {
    const left = entry.delay > kWakeMax ? entry.due - this.#host.now() : 0;
    if (left > 0) this.#wakeAfter(entry, left);
    else if (this.#heap.first === entry) this.#fire(entry);
    else this.#wakeNext(entry);
  };

  /** @param {Entry} entry */
  #fire(entry) {
    this.#heap.remove(entry);
    if (entry.repeats) this.#arm(entry);
    else this.#entries.delete(entry.number);
    entry.callback(...entry.args);
  }
}

/** @param {Entry} entry */
function applyReference({ isReferenced, timeout, immediate }) {
  if (isReferenced) (timeout ?? immediate)?.ref();
  else (timeout ?? immediate)?.unref();
}

/** @param {any} ms whatever a caller gives @returns {number} whole milliseconds @throws {TypeError} of a symbol or a BigInt */
function delayOf(ms) {
  const delay = Math.trunc(+ms);
  return delay > 0 ? Math.min(delay, kDelayMax) : 0;
}

module.exports = { OrderedTimers, delayOf };
