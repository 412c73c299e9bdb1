'use strict';
// UnconfirmedWrites: an object's writes with `allowUnconfirmed`, which nothing it says waits for (spec S2.6.5).
//
// They are part of the turn's commit like any other, and sync() waits for them; when that commit fails, the object is reset.

const { serialize } = require('./value-codec');

class UnconfirmedWrites {
  #store;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {string} key @param {any} value */
  kvPut(key, value) {
    const bytes = serialize(value, this.#store.codec);
    this.#store.runUnconfirmed(() => this.#store.kvPutBytes(key, bytes));
  }

  /** All or nothing (S3.3.3). @param {[string, any][]} rows */
  kvPutAll(rows) {
    // Code of the user's may run in here, and what that writes is confirmed.
    const written = rows.map(
      ([key, value]) =>
        /** @type {[string, Uint8Array]} */ ([key, serialize(value, this.#store.codec)]),
    );
    if (written.length === 0) return;
    this.#store.runUnconfirmed(() =>
      this.#store.transactionSync(() => {
        for (const [key, bytes] of written) this.#store.kvPutBytes(key, bytes);
      }),
    );
  }

  /** @param {string} key @returns {boolean} */
  kvDelete(key) {
    return this.#store.runUnconfirmed(() => this.#store.kvDelete(key));
  }

  /** @param {number} time ms */
  setAlarm(time) {
    this.#store.runUnconfirmed(() => this.#store.setAlarm(time));
  }

  deleteAlarm() {
    this.#store.runUnconfirmed(() => this.#store.deleteAlarm());
  }
}

/**
 * What a write with these options goes to.
 * @param {import('./object-store').ObjectStore} store
 * @param {any} options of the call, which are fine
 */
function writesOf(store, options) {
  if (options === undefined || options === null) return store;
  return options.allowUnconfirmed ? store.unconfirmed : store;
}

module.exports = { UnconfirmedWrites, writesOf };
