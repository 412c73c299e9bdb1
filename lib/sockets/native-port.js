'use strict';
// NativePort: carries what one end sends to its network connection (a Port of lib/web/socket-end.js).

const kNoCode = 1005; // a Close frame without a code

class NativePort {
  #shard;
  #handle;

  /** @param {import('../shard').Shard} shard @param {number} handle */
  constructor(shard, handle) {
    this.#shard = shard;
    this.#handle = handle;
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    this.#shard.native.socketSend(this.#handle, data);
    this.#shard.touch();
  }

  /** @param {number | undefined} code @param {string} reason */
  close(code, reason) {
    this.#shard.native.socketClose(this.#handle, code ?? kNoCode, reason);
    this.#shard.touch();
  }

  terminate() {
    this.#shard.native.socketTerminate(this.#handle, false);
    this.#shard.touch();
  }

  hangUp() {
    this.#shard.native.socketTerminate(this.#handle, true);
    this.#shard.touch();
  }
}

module.exports = { NativePort };
