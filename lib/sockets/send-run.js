'use strict';
// SendRun: sends of one message to many sockets, one after another, cross into native once.
//
// A loop over a room calls send() of each socket with the same string. The first call crosses with the message; what follows it
// writes the socket's handle into words that the native side shares, and reads them before anything that comes after the sends.
// So every output keeps its place (S2.6.4, S6.4.5), and the message is encoded once for all of them.

const kTwo32 = 2 ** 32;
/** A longer message crosses each time, and is not kept here when it has been sent. */
const kUnitsMax = 65_536;

class SendRun {
  #shard;
  #words;
  #socketsMax;
  /** @type {string | undefined} the message of the run under way, if there is one */
  #message;

  /** @param {import('../shard').Shard} shard */
  constructor(shard) {
    this.#shard = shard;
    /** @type {Uint32Array} how many sockets wait, then their handles, low and high */
    this.#words = shard.native.sends;
    this.#socketsMax = (this.#words.length - 1) / 2;
  }

  /** @param {number} handle @param {string | Uint8Array} data */
  send(handle, data) {
    const words = this.#words;
    const waiting = words[0];
    if (waiting !== 0 && waiting < this.#socketsMax && data === this.#message) {
      words[2 * waiting + 1] = handle % kTwo32;
      words[2 * waiting + 2] = handle / kTwo32;
      words[0] = waiting + 1;
      return;
    }
    this.#shard.native.socketSend(handle, data);
    this.#message = typeof data === 'string' && data.length <= kUnitsMax ? data : undefined;
    this.#shard.touch();
  }
}

module.exports = { SendRun };
