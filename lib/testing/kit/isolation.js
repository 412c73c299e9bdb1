'use strict';
// Isolation: each test and each `describe` leaves what it found (spec S10.3.4, S10.1.3), and what a test leaves under way is told.

const { describePending } = require('./pending');

class Isolation {
  #options;
  #warn;
  /** @type {import('../controls/controls').Controls | undefined} none: nothing has started yet */
  controls;

  /**
   * @param {Pick<import('./kit-options').KitOptions, 'isolatedStorage' | 'pending'>} options
   * @param {(text: string) => void} warn
   */
  constructor(options, warn) {
    this.#options = options;
    this.#warn = warn;
  }

  /** What is written from here on is undone by leave(). */
  async enter() {
    if (this.#options.isolatedStorage) await this.controls?.push();
  }

  async leave() {
    if (this.#options.isolatedStorage) await this.controls?.pop();
  }

  /** @param {string} test its name @returns {Error | undefined} what makes the test fail */
  left(test) {
    const { pending, isolatedStorage } = this.#options;
    if (pending === 'ignore') return undefined;
    const found = this.controls?.pending() ?? [];
    if (found.length === 0) return undefined;
    const text = describePending(test, found, isolatedStorage);
    if (pending === 'warn') {
      this.#warn(text);
      return undefined;
    }
    return Object.assign(new Error(text), { stack: text });
  }
}

module.exports = { Isolation };
