'use strict';
// Progress: how far the events of an object have come since it wrote (spec S1.9.11).
//
// An object that ends takes with it the answers that wait for what it wrote, unless workerd would have sent them: it commits between
// the events of the object, and takes a few steps of its event loop for an answer. These are counted here.

/** How many steps workerd takes for what may come between. */
const kSteps = { call: 1, task: 2, sectionEnd: 1, transactionEnd: 2 };
const kStepsToAnswer = 3;

class Progress {
  #steps = 0;
  /** When it wrote last. */
  wroteAt = 0;
  /** In which turn (Shard.turn). */
  turn = 0;

  /** @param {keyof typeof kSteps} step */
  pass(step) {
    this.#steps += kSteps[step];
  }

  /** @param {number} turn */
  wrote(turn) {
    this.wroteAt = this.#steps;
    this.turn = turn;
  }

  /** Is an answer under way that waited for what was written at `wroteAt`? @param {number} wroteAt */
  hasAnswered(wroteAt) {
    return this.#steps - wroteAt >= kStepsToAnswer;
  }
}

module.exports = { Progress };
