'use strict';
// OpenWorkList: what was started since the last pop and is not over, with where it was started (lib/open-work.js).
//
// One list for all runtimes of this process: a test has one.

const { openWork } = require('../../open-work');
const { real } = require('../../time');

/** Frames that are kept: the author's own are below those of the runtime. */
const kFramesMax = 30;

/** @typedef {{what: string, stack: string}} Pending */

class OpenWorkList {
  /** @type {Set<{what: string, place: {stack?: string}, promise?: Promise<unknown>}>} */
  #open = new Set();

  watch() {
    openWork.begin = (what) => {
      const work = { what, place: placeHere(), end: () => void this.#open.delete(work) };
      this.#open.add(work);
      return work;
    };
  }

  unwatch() {
    openWork.begin = undefined;
    this.#open.clear();
  }

  /** @returns {Pending[]} in order of their start */
  list() {
    return [...this.#open].map(({ what, place }) => ({ what, stack: place.stack ?? '' }));
  }

  /** Resolves when the calls that are under way are over, or after that time. @param {number} ms */
  async ended(ms) {
    const calls = [...this.#open].map(({ promise }) => promise);
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = real.setTimeout(resolve, ms);
    });
    await Promise.race([Promise.allSettled(calls), late]);
    real.clearTimeout(timer);
  }

  /** It is going to be cancelled: a call that nobody waits for shall not be a rejection that nobody handled. */
  forget() {
    for (const { promise } of this.#open) promise?.catch(() => {});
    this.#open.clear();
  }
}

/** @returns {{stack?: string}} whose text is made when it is read, which is late for most: it costs more than the call that it is of */
function placeHere() {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = kFramesMax;
  /** @type {{stack?: string}} */
  const place = {};
  Error.captureStackTrace(place, openWork.begin);
  Error.stackTraceLimit = stackTraceLimit;
  return place;
}

module.exports = { OpenWorkList };
