'use strict';
// Channel: the way to one incarnation of an object, shared by the stubs of this environment.

const { postResult } = require('../constants');
const { resetError } = require('../rpc/reset-error');

/**
 * A call on its way to an object.
 * @typedef {object} Call
 * @property {(instance: import('./instance').ActorInstance) => void} deliver runs it there
 * @property {(error: unknown, wasSent?: boolean) => void} reject it will not be answered; wasSent: it had been given to the
 *   incarnation that ended
 */

const kOverloaded = 'Durable Object is overloaded. Too many requests queued.';

class Channel {
  #shard;
  #stale = false;
  /** @type {{reason: unknown, flags: Record<string, boolean>} | undefined} */
  #broken;

  /** @param {import('../shard').Shard} shard @param {number} handle */
  constructor(shard, handle) {
    this.#shard = shard;
    this.handle = handle;
  }

  /** The incarnation is gone but not broken: ask for a new channel. */
  get isStale() {
    return this.#stale;
  }

  /** New stubs may use it, too. */
  get isUsable() {
    return !this.#stale && this.#broken === undefined;
  }

  /** @param {unknown} reason @param {Record<string, boolean>} flags of the object */
  break(reason, flags) {
    this.#broken = { reason, flags };
  }

  expire() {
    this.#stale = true;
  }

  /** @param {Call} call @returns {boolean} false: stale, nothing was sent */
  send(call) {
    if (this.#broken !== undefined) {
      call.reject(resetError(this.#broken.reason, this.#broken.flags));
      return true;
    }
    const token = this.#shard.calls.add(call);
    const result = this.#shard.native.post(this.handle, token);
    if (result === postResult.queued) {
      this.#shard.keepAlive();
      this.#shard.wake();
      return true;
    }
    this.#shard.calls.take(token);
    if (result === postResult.overloaded) {
      call.reject(Object.assign(new Error(kOverloaded), { overloaded: true }));
      return true;
    }
    this.#stale = true;
    this.#shard.actors.forgetChannel(this.handle);
    return false;
  }
}

module.exports = { Channel };
