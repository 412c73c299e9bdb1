'use strict';
// FakeTime: what advance() of `cloudflare:test` moves under Vitest. From the first call in a test to its end, time stands still: the clock of
// the runtime is fake, and `Date` and the timers of the globals follow it. Where the test has fake timers of Vitest, it moves them too.

const { fakeDate } = require('../testing/time/fake-date');
const { toMilliseconds } = require('../testing/time/duration');

class FakeTime {
  #clock;
  #vi;
  /** @type {DateConstructor | undefined} */
  #date;

  /** @param {import('../testing/time/clock').Clock} clock @param {any} vi of Vitest */
  constructor(clock, vi) {
    this.#clock = clock;
    this.#vi = vi;
  }

  /** @param {number | string} time milliseconds, or text such as '25h' */
  async advance(time) {
    if (!this.#clock.isFake) this.#stop();
    await this.#clock.advance(time);
    if (this.#vi.isFakeTimers()) await this.#vi.advanceTimersByTimeAsync(toMilliseconds(time));
  }

  #stop() {
    this.#clock.fake({ now: Date.now() });
    if (this.#vi.isFakeTimers()) return;
    this.#date = Date;
    globalThis.Date = fakeDate(() => this.#clock.now());
  }

  /** Time goes on by itself. */
  end() {
    if (this.#clock.isFake) this.#clock.real();
    if (this.#date !== undefined) globalThis.Date = this.#date;
    this.#date = undefined;
  }
}

module.exports = { FakeTime };
