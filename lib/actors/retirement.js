'use strict';
// Retirement: an instance of code that was replaced ends once nothing of it is under way, at the latest after a while (S2.4.1).

class Retirement {
  #isBusy;
  #end;
  #timer;
  #isArmed = false;

  /**
   * @param {() => boolean} isBusy calls or events of the instance are under way
   * @param {() => void} end ends the instance; called once, outside of a turn; at once when it is not busy
   * @param {number} graceMs
   */
  constructor(isBusy, end, graceMs) {
    this.#isBusy = isBusy;
    this.#end = end;
    this.#timer = setTimeout(() => this.#finish(), graceMs).unref();
    if (!isBusy()) this.#finish();
  }

  /** Something that was under way is over. */
  settled() {
    if (this.#isArmed || this.#isBusy()) return;
    this.#isArmed = true;
    // What it answered in this turn leaves first.
    setImmediate(() => {
      this.#isArmed = false;
      if (!this.#isBusy()) this.#finish();
    });
  }

  /** The instance is gone. */
  cancel() {
    clearTimeout(this.#timer);
    this.#end = () => {};
  }

  #finish() {
    const end = this.#end;
    this.cancel();
    end();
  }
}

module.exports = { Retirement };
