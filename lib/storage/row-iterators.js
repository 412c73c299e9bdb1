'use strict';
// The iterators that storage hands out (spec S3.11.3, S4.5.2, S4.5.5): of one list() or of one cursor, whose position they share.

const { IteratorPrototype } = require('./iterator-prototype');
const { kNotStorable } = require('./refusals');

/** @typedef {{done: boolean, value: any}} Step */

class StorageIterator {
  #take;
  #takeAll;

  /**
   * @param {() => any} take the next item, undefined when there is none
   * @param {() => any[]} [takeAll] all that remain, at once
   */
  constructor(take, takeAll) {
    this.#take = take;
    this.#takeAll = takeAll;
  }

  /** @returns {Step} */
  next() {
    const value = this.#take();
    return { done: value === undefined, value };
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

module.exports = { ListIterator, RowIterator, RawIterator };
