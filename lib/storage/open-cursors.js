'use strict';
// OpenCursors: native cursors whose JavaScript halves may be dropped before they are read to the end.
//
// Registering every cursor for finalization costs as much as a point read, and most are read at once. So a new one is only kept here
// until the turn's microtasks run or a few have gathered; those still open then are registered.

const kFreshMax = 64;

/** @template {object} T */
class OpenCursors {
  #registry;
  /** @type {T[]} */
  #fresh = [];
  /** @type {(cursor: T) => number} */
  #handleOf = () => 0;
  #armed = false;

  /** @param {(handle: number) => void} close a native cursor, or one that is closed already */
  constructor(close) {
    this.#registry = new FinalizationRegistry(close);
  }

  /** @param {T} cursor that has rows @param {(cursor: T) => number} handleOf its native cursor, 0 when that is closed */
  add(cursor, handleOf) {
    this.#handleOf = handleOf;
    this.#fresh.push(cursor);
    if (this.#fresh.length >= kFreshMax) this.#registerOpen();
    if (this.#armed) return;
    this.#armed = true;
    queueMicrotask(() => {
      this.#armed = false;
      this.#registerOpen();
    });
  }

  #registerOpen() {
    for (const cursor of this.#fresh) {
      const handle = this.#handleOf(cursor);
      if (handle !== 0) this.#registry.register(cursor, handle);
    }
    this.#fresh.length = 0;
  }
}

module.exports = { OpenCursors };
