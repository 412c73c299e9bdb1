'use strict';
// DurableObjectSnapshot: what an object was at a moment, for another object to take on (spec S4.13.6). Opaque: it crosses by RPC and
// cannot be stored.

const { kNotStorable } = require('./refusals');

const kMake = Symbol('make');

class DurableObjectSnapshot {
  #uniqueKey;
  #id;
  #bookmark;

  /** @param {symbol} key @param {[uniqueKey: string, id: string]} object @param {string} bookmark */
  constructor(key, [uniqueKey, id], bookmark) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#uniqueKey = uniqueKey;
    this.#id = id;
    this.#bookmark = bookmark;
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectSnapshot';
  }

  /** @param {any} value @returns {{uniqueKey: string, id: string, bookmark: string} | undefined} undefined: it is none */
  static stateOf(value) {
    if (typeof value !== 'object' || value === null || !(#bookmark in value)) return undefined;
    return { uniqueKey: value.#uniqueKey, id: value.#id, bookmark: value.#bookmark };
  }
}

Object.defineProperty(DurableObjectSnapshot.prototype, kNotStorable, { value: true });

const { stateOf } = DurableObjectSnapshot;

/** @param {[uniqueKey: string, id: string]} object @param {string} bookmark */
const makeSnapshot = (object, bookmark) => new DurableObjectSnapshot(kMake, object, bookmark);

module.exports = { DurableObjectSnapshot, makeSnapshot, stateOf };
