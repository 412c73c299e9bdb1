'use strict';
// EventTimeouts: how long a handler of an object's hibernatable sockets may take (spec S6.14).

const { time } = require('../time');

const kEventTimeoutMsMax = 604_800_000;

/** @typedef {import('../actors/instance').ActorInstance} ActorInstance */

class EventTimeouts {
  /** @type {Map<string, number>} key of the object -> ms */
  #byObject = new Map();

  /** Most objects have none, and no key before somebody asks for it. */
  get isEmpty() {
    return this.#byObject.size === 0;
  }

  /** S6.14.1 @param {ActorInstance} instance @param {number | undefined} ms none, or 0: no limit */
  set(instance, ms) {
    const value = ms === undefined || ms === null ? 0 : Math.trunc(Number(ms));
    if (!(value >= 0 && value <= kEventTimeoutMsMax)) {
      throw new Error(`Event timeout should not exceed ${kEventTimeoutMsMax} ms.`);
    }
    if (value === 0) this.#byObject.delete(instance.key);
    else this.#byObject.set(instance.key, value);
  }

  /** @param {ActorInstance} instance @returns {number | undefined} ms */
  of(instance) {
    return this.isEmpty ? undefined : this.#byObject.get(instance.key);
  }

  /** @param {string} key of an object */
  forget(key) {
    this.#byObject.delete(key);
  }
}

/** S6.14.1 @param {ActorInstance} instance @param {number} ms @param {PromiseLike<unknown>} result of a handler */
function withinTime(instance, ms, result) {
  const timer = time.setLimit(() => instance.overrun(), ms).unref();
  return Promise.resolve(result).finally(() => time.clearTimeout(timer));
}

module.exports = { EventTimeouts, withinTime };
