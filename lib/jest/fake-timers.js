'use strict';
// FakeTimers: `jest.useFakeTimers()` and its like. Time is that of the test controls' clock, which has the timers of the test, of the Worker
// and of its objects, and the alarms, retries, evictions, crons and queues behind them: one order for all of them.
//
// `Date` and `performance.now()` of the modules of the test follow it. Microtasks, process.nextTick() and setImmediate() stay Node's, for
// storage answers through them.

const { fakeDate, fakePerformance } = require('../testing/time/fake-date');

const kLegacy = 'holdfast/jest has no legacy fake timers: leave out legacyFakeTimers.';
const TIMERS = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'];
const kLimit = 100_000;

class FakeTimers {
  #kit;
  #defaults;
  #limit = kLimit;
  /** @type {NodeJS.Timeout | undefined} */
  #ticking;
  /** What the scope had before. @type {Record<string, unknown> | undefined} */
  #before;

  /** @param {import('../testing/kit/kit').Kit} kit @param {Record<string, any>} defaults of Jest's configuration */
  constructor(kit, defaults) {
    this.#kit = kit;
    this.#defaults = defaults;
  }

  /** @returns {import('../testing/controls/controls').Controls['clock']} */
  get #clock() {
    const { controls } = this.#kit;
    if (controls === undefined)
      throw new Error('Fake timers need the test environment, which has not started yet.');
    return controls.clock;
  }

  /** @param {Record<string, any>} [config] of Jest */
  useFakeTimers(config = {}) {
    const {
      doNotFake = [],
      now = Date.now(),
      advanceTimers,
      timerLimit,
      legacyFakeTimers,
    } = {
      ...this.#defaults,
      ...config,
    };
    if (legacyFakeTimers) throw new Error(kLegacy);
    const kept = TIMERS.find((name) => doNotFake.includes(name));
    if (kept)
      throw new Error(`holdfast/jest fakes all timers or none: take ${kept} out of doNotFake.`);
    this.useRealTimers();
    this.#limit = timerLimit ?? kLimit;
    const clock = this.#clock;
    clock.fake({ now: Number(now) });
    const scope = this.#kit.scope.globalThis;
    this.#before = {};
    const put = (/** @type {string} */ name, /** @type {unknown} */ value) => {
      if (doNotFake.includes(name)) return;
      /** @type {any} */ (this.#before)[name] = scope[name];
      scope[name] = value;
    };
    put(
      'Date',
      fakeDate(() => clock.now()),
    );
    put(
      'performance',
      fakePerformance(() => clock.now()),
    );
    if (advanceTimers) this.#tick(typeof advanceTimers === 'number' ? advanceTimers : 20);
  }

  /** Time goes on by itself. @param {number} ms */
  #tick(ms) {
    this.#ticking = setInterval(() => void this.advance(ms), ms);
    this.#ticking.unref();
  }

  useRealTimers() {
    clearInterval(this.#ticking);
    if (this.#before === undefined) return;
    Object.assign(this.#kit.scope.globalThis, this.#before);
    this.#before = undefined;
    this.#clock.real();
  }

  dispose() {
    this.useRealTimers();
  }

  /**
   * All that becomes due within that time happens, in order.
   * @param {number | string} time milliseconds, or '90s', '25h' and their like
   */
  async advance(time) {
    if (this.#isFaking()) await this.#clock.advance(time);
  }

  /** @param {number | {total(options: object): number}} time */
  advanceTimersByTime(time) {
    if (this.#isFaking()) this.#clock.runTimers(milliseconds(time));
  }

  /** @param {number | {total(options: object): number}} time */
  advanceTimersByTimeAsync(time) {
    return this.advance(milliseconds(time));
  }

  advanceTimersToNextTimer(steps = 1) {
    for (let step = 0; step < steps && this.#isFaking(); step += 1) this.#runNext();
  }

  async advanceTimersToNextTimerAsync(steps = 1) {
    for (let step = 0; step < steps && this.#isFaking(); step += 1) {
      const due = this.#clock.nextDue();
      if (due === null) return;
      await this.#clock.advance(Math.max(due - this.#clock.now(), 0));
    }
  }

  runAllTimers() {
    if (!this.#isFaking()) return;
    for (let count = 0; this.#clock.timerCount() > 0; count += 1) {
      this.#checkLimit(count);
      this.#runNext();
    }
  }

  async runAllTimersAsync() {
    if (!this.#isFaking()) return;
    for (let count = 0; this.#clock.nextDue() !== null; count += 1) {
      this.#checkLimit(count);
      await this.advanceTimersToNextTimerAsync();
    }
  }

  runOnlyPendingTimers() {
    if (!this.#isFaking()) return;
    const last = this.#clock.lastTimer();
    if (last !== null) this.#clock.runTimers(Math.max(last - this.#clock.now(), 0));
  }

  async runOnlyPendingTimersAsync() {
    if (!this.#isFaking()) return;
    const last = this.#clock.lastTimer();
    if (last !== null) await this.#clock.advance(Math.max(last - this.#clock.now(), 0));
  }

  #runNext() {
    const next = this.#clock.nextTimer();
    if (next !== null) this.#clock.runTimers(Math.max(next - this.#clock.now(), 0));
  }

  /** @param {number} count */
  #checkLimit(count) {
    if (count < this.#limit) return;
    throw new Error(`Aborting after running ${this.#limit} timers, assuming an infinite loop!`);
  }

  advanceTimersToNextFrame() {
    this.advanceTimersByTime(16);
  }

  /** Microtasks are not faked. */
  runAllTicks() {}

  clearAllTimers() {
    if (this.#before !== undefined) this.#clock.clearTimers();
  }

  reset() {
    this.clearAllTimers();
  }

  getTimerCount() {
    return this.#isFaking() ? this.#clock.timerCount() : 0;
  }

  /** Alarms that are due by then run; timers stay as far away as they were. @param {number | Date} [now] */
  setSystemTime(now = Date.now()) {
    if (this.#isFaking()) this.#clock.set(Number(now));
  }

  getRealSystemTime() {
    return Date.now();
  }

  now() {
    return this.#before === undefined ? Date.now() : this.#clock.now();
  }

  #isFaking() {
    if (this.#before !== undefined) return true;
    this.#kit.scope.globalThis.console.warn(
      'A function to advance timers was called but the timers APIs are not replaced with fake timers. ' +
        'Call `jest.useFakeTimers()` in this test file.',
    );
    return false;
  }
}

/** @param {number | {total(options: object): number}} time */
const milliseconds = (time) =>
  typeof time === 'number' ? time : time.total({ unit: 'millisecond' });

/** What Jest asks for when legacyFakeTimers is set. */
class LegacyFakeTimers {
  useFakeTimers() {
    throw new Error(kLegacy);
  }

  useRealTimers() {}

  clearAllTimers() {}

  dispose() {}
}

module.exports = { FakeTimers, LegacyFakeTimers };
