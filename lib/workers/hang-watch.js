'use strict';
// HangWatch: ends invocations of Workers that can never come to an end (spec S2.10.4).
//
// A promise that nothing can reach any more will not be settled, and V8 knows that when it has collected. What an invocation waits for
// is therefore registered with a FinalizationRegistry once it has waited for long; nothing else here refers to it.
// Happy path: added, removed when it ends. That is all for an invocation which ends soon: no allocation, no call of V8. One that waited
// for longer is a suspect; suspects ask for a collection, at twice the age each time, and are let be while anything can still settle
// what they wait for: a timer, a socket, a call of an object.
//
// Thread: the one of its Node environment. Owner: Shard. Failure: none; without collections a hung invocation goes on waiting.

const kPeriodMs = 1_000;
/** After so many periods what an invocation waits for is registered. */
const kSuspectPeriods = 3;

/**
 * What is watched; the links are the watch's own.
 * @typedef {object} Watched
 * @property {Promise<unknown> | undefined} awaited
 * @property {Watched | undefined} previous
 * @property {Watched | undefined} next
 * @property {number} periods how many it has waited for; 0: not watched
 * @property {() => void} hang called when it can never end
 */

/** Called on `awaited` as it is, whatever the program has made of its then(). */
const { then } = Promise.prototype;

class HangWatch {
  #collectSoon;
  /** @type {Watched | undefined} the newest */
  #first;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {FinalizationRegistry<Watched>} */
  #registry = new FinalizationRegistry((watched) => {
    if (watched.periods === 0) return;
    this.remove(watched);
    watched.hang();
  });

  /** @param {() => void} collectSoon asks for a collection when the process is quiet */
  constructor(collectSoon) {
    this.#collectSoon = collectSoon;
  }

  /** @param {Watched} watched it has begun to wait for `awaited` */
  add(watched) {
    watched.periods = 1;
    watched.previous = undefined;
    watched.next = this.#first;
    if (this.#first !== undefined) this.#first.previous = watched;
    this.#first = watched;
    if (this.#timer === undefined) this.#arm();
  }

  /** It ended, or nobody waits for it. @param {Watched} watched */
  remove(watched) {
    const { periods, previous, next } = watched;
    if (periods === 0) return;
    if (periods >= kSuspectPeriods) this.#registry.unregister(watched);
    watched.periods = 0;
    watched.awaited = watched.previous = watched.next = undefined;
    if (next !== undefined) next.previous = previous;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
  }

  close() {
    clearTimeout(this.#timer);
    this.#first = undefined;
  }

  #arm() {
    this.#timer = setTimeout(() => this.#look(), kPeriodMs);
    this.#timer.unref();
  }

  #look() {
    this.#timer = undefined;
    let isSuspect = false;
    for (let at = this.#first; at !== undefined; at = at.next) {
      at.periods += 1;
      if (at.periods === kSuspectPeriods) this.#suspect(at);
      // At twice the age each time: it may have come to hang after the last look.
      else isSuspect ||= Number.isInteger(Math.log2(at.periods - kSuspectPeriods));
    }
    if (isSuspect) this.#collectSoon();
    if (this.#first !== undefined) this.#arm();
  }

  /** From now on `awaited` is known to the registry only. @param {Watched} watched */
  #suspect(watched) {
    const { awaited } = watched;
    if (awaited === undefined) return;
    watched.awaited = undefined;
    this.#registry.register(awaited, watched, watched);
    const remove = () => this.remove(watched);
    then.call(awaited, remove, remove); // it may have settled long ago, and only its response is still under way
  }
}

module.exports = { HangWatch };
