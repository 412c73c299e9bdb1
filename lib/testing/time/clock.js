'use strict';
// Clock: the time of a runtime under test. While it is fake, alarms, their retries, eviction and hibernation, crons, delays of queues,
// scheduler.wait() and the timers of objects, of Workers and of the test go on when the test moves it, in order of the time they are
// due; at the same time timers come first, in order of their start. Retries of alarms have no jitter then.
//
// Happy path: fake(); advance('25h') goes from one thing that is due to the next, and each is over, as far as it needs no time, before the
// next one begins. real() lets time go on by itself again; timers that have not fired never do.
//
// There is one time for all runtimes of this process: only one clock is fake at a time.

const { outside } = require('../../open-work');
const { real, time } = require('../../time');
const { toMilliseconds } = require('./duration');
const { microtasks, settled } = require('./settle');
const { VirtualTimers } = require('./virtual-timers');

const kNotFake = 'The clock is real: call fake() before it can be moved.';
const kOtherClock = 'The clock of another runtime of this process is fake already.';
/** Things that become due without time going on: somebody starts one after the other. */
const kStepsMax = 100_000;
const kNoEnd = `More than ${kStepsMax} things were due at one time: each starts the next one.`;

/** @type {Clock | undefined} */
let faked;

class Clock {
  #shardOf;
  #crons;
  /** @type {VirtualTimers | undefined} while it is fake */
  #timers;
  #now = 0;
  /** Moves, one after the other. @type {Promise<unknown>} */
  #moving = Promise.resolve();

  /** @param {() => import('../../shard').Shard} shardOf @param {import('./crons').Crons} crons */
  constructor(shardOf, crons) {
    this.#shardOf = shardOf;
    this.#crons = crons;
    this.#then(() => crons.disarm());
  }

  /** Resolves when what was asked for so far has happened. */
  get ready() {
    return this.#moving;
  }

  /** @param {() => Promise<void>} move @returns {Promise<void>} */
  #then(move) {
    const moved = this.#moving.then(move);
    this.#moving = moved.catch(() => {});
    return moved;
  }

  get isFake() {
    return this.#timers !== undefined;
  }

  /**
   * Time stands still from now on. Of a clock that is fake already it sets the time and forgets the timers.
   * @param {{now?: number | Date}} [options] now: default the present time
   */
  fake({ now: given = real.now() } = {}) {
    const now = toTime(given);
    if (faked !== undefined && faked !== this) throw new Error(kOtherClock);
    faked = this;
    const timers = new VirtualTimers();
    this.#timers = timers;
    this.#now = now;
    this.#native.holdTime(now);
    this.#then(() => this.#crons.arm());
    time.now = () => this.#now;
    time.timers = timers;
    time.setTimeout = (callback, ms, ...args) => timers.start(callback, ms, args, {});
    time.setInterval = (callback, ms, ...args) =>
      timers.start(callback, ms, args, { repeats: true });
    time.setLimit = (callback, ms) => timers.start(callback, ms, [], { isLimit: true });
    time.clearTimeout = (timer) => {
      if (!timers.clear(timer)) real.clearTimeout(timer);
    };
  }

  /** Time goes on by itself. */
  real() {
    if (!this.isFake) return;
    faked = undefined;
    this.#timers = undefined;
    Object.assign(time, real);
    this.#native.releaseTime();
    this.#then(() => this.#crons.disarm());
  }

  /** @returns {number} milliseconds of the epoch */
  now() {
    return this.isFake ? this.#now : real.now();
  }

  /** When the next thing is due, whatever it is; null: nothing waits for time. @returns {number | null} milliseconds of the epoch */
  nextDue() {
    const timer = this.#wall(this.#timers?.nextDue ?? null);
    const dueMs = this.#native.nextDueMs();
    const dues = [timer, dueMs === null ? null : this.now() + dueMs].filter((due) => due !== null);
    return dues.length === 0 ? null : Math.min(.../** @type {number[]} */ (dues));
  }

  /**
   * All that becomes due within that time happens, in order.
   * @param {number | string} by milliseconds, or '90s', '25h' and their like
   * @returns {Promise<void>}
   */
  advance(by) {
    const ms = toMilliseconds(by);
    return this.#then(() => this.#advance(ms));
  }

  /** @param {number} ms */
  async #advance(ms) {
    const { timers } = this;
    const target = timers.elapsed + ms;
    await this.#settled();
    for (let steps = 0, at = timers.elapsed; this.#timers === timers; steps += 1) {
      const due = this.nextDue();
      const left = target - timers.elapsed;
      if (due === null || due - this.#now > left) break;
      this.#move(Math.max(due - this.#now, 0));
      while (timers.fireNext()) await microtasks();
      await this.#settled();
      if (at !== timers.elapsed) [steps, at] = [0, timers.elapsed];
      if (steps > kStepsMax) throw new Error(kNoEnd);
    }
    if (this.#timers !== timers) return; // real() was called meanwhile
    this.#move(Math.max(target - timers.elapsed, 0));
    await this.#settled();
  }

  /**
   * The time of day jumps. What is due then happens; timers and idle objects are as far from their end as before.
   * @param {number | Date} given milliseconds of the epoch
   * @returns {Promise<void>}
   */
  set(given) {
    void this.timers;
    const now = toTime(given);
    // At once: who reads the time after this call reads the new one.
    this.#now = now;
    this.#native.setTime(now);
    return this.#then(() => this.#settled());
  }

  // Timers alone, as a runner's own fake timers move them.

  get timers() {
    if (this.#timers === undefined) throw new Error(kNotFake);
    return this.#timers;
  }

  /** Time goes on; timers that are due fire before this returns, everything else follows in its turn. @param {number} ms */
  runTimers(ms) {
    const { timers } = this;
    const target = timers.elapsed + toMilliseconds(ms);
    for (let steps = 0; timers.nextDue !== null && timers.nextDue <= target; steps += 1) {
      if (steps > kStepsMax) throw new Error(kNoEnd);
      this.#move(Math.max(timers.nextDue - timers.elapsed, 0));
      timers.fireNext();
    }
    this.#move(target - timers.elapsed);
  }

  /** Timers of setTimeout(), setInterval() and scheduler.wait() that have not fired. */
  timerCount() {
    return this.#timers?.count ?? 0;
  }

  /** @returns {number | null} milliseconds of the epoch */
  nextTimer() {
    return this.#wall(this.#timers?.nextUserDue ?? null);
  }

  /** @returns {number | null} milliseconds of the epoch */
  lastTimer() {
    return this.#wall(this.#timers?.lastUserDue ?? null);
  }

  clearTimers() {
    this.#timers?.clearAll();
  }

  get #native() {
    return this.#shardOf().native;
  }

  /** @param {number} ms */
  #move(ms) {
    this.#now += ms;
    this.timers.elapsed += ms;
    this.#native.moveTime(ms);
  }

  /** @param {number | null} due on the clock of the timers */
  #wall(due) {
    return due === null || this.#timers === undefined
      ? null
      : this.#now + due - this.#timers.elapsed;
  }

  /** @returns {Promise<void>} */
  #settled() {
    return settled(() => outside.count === 0 && this.#native.isQuiet());
  }
}

/** @param {number | Date} time @returns {number} milliseconds of the epoch */
function toTime(time) {
  const ms = Number(time);
  if (Number.isFinite(ms)) return ms;
  throw new TypeError('The time of a clock is a Date, or milliseconds of the epoch.');
}

module.exports = { Clock };
