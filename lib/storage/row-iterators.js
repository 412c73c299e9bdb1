'use strict';
// The iterators that storage hands out (spec S3.11.3, S4.5.2, S4.5.5): of one list() or of one cursor, whose position they share.

const { IteratorPrototype } = require('./iterator-prototype');
const { kNotStorable } = require('./refusals');

/** @typedef {{done: boolean, value?: any}} Step */

/** What next() gives when there is nothing left; `value` is there only since 2025-12-03. */
const kEnds = {
  /** @returns {Step} */
  withValue: () => ({ done: true, value: undefined }),
  /** @returns {Step} */
  bare: () => ({ done: true }),
};

/** @param {Record<string, boolean>} flags compatibility flags @returns {() => Step} */
const endFor = (flags) => (flags.enable_fast_jsg_struct ? kEnds.withValue : kEnds.bare);

class StorageIterator {
  #take;
  #end;
  #takeAll;

  /**
   * @param {() => any} take the next item, undefined when there is none
   * @param {() => Step} end the last step
   * @param {() => any[]} [takeAll] all that remain, at once
   */
  constructor(take, end, takeAll) {
    this.#take = take;
    this.#end = end;
    this.#takeAll = takeAll;
  }

  /** @returns {Step} */
  next() {
    const value = this.#take();
    return value === undefined ? this.#end() : { done: false, value };
  }

  /** As the standard helper. @returns {any[]} */
  toArray() {
    return this.#takeAll ? this.#takeAll() : IteratorPrototype.toArray.call(this);
  }

  get [Symbol.toStringTag]() {
    return this.constructor.name;
  }

  [Symbol.iterator]() {
    return this;
  }
}
Object.setPrototypeOf(StorageIterator.prototype, IteratorPrototype);
Object.defineProperty(StorageIterator.prototype, kNotStorable, { value: true });

/** Of kv.list(). */
class ListIterator extends StorageIterator {}

/** Of a cursor. */
class RowIterator extends StorageIterator {}

/** Of cursor.raw(). */
class RawIterator extends StorageIterator {}

module.exports = { ListIterator, RowIterator, RawIterator, endFor };
