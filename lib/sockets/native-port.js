'use strict';
// NativePort: carries what one end sends to its network connection (a Port of lib/web/sockets/socket-end.js).

const kNoCode = 1005; // a Close frame without a code

class NativePort {
  #shard;
  #sends;
  #handle;

  /** @param {import('../shard').Shard} shard @param {import('./send-run').SendRun} sends @param {number} handle */
  constructor(shard, sends, handle) {
    this.#shard = shard;
    this.#sends = sends;
    this.#handle = handle;
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    this.#sends.send(this.#handle, data);
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
