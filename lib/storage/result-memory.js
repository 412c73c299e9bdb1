'use strict';
// ResultMemory: says when rows that are collected into one array would fill the JavaScript heap, which ends the process.
//
// toArray() gives V8 no moment at which a program could be stopped, so an array that is too long must be refused while there is
// room (spec S4.5.11). V8 tells what is in use, garbage included, in about a microsecond: it is asked as seldom as the room allows.

const v8 = require('node:v8');

/** Of the old generation: beyond it there may be no room for the array to grow, which copies it. */
const kFull = 3 / 4;
/** Of the old generation: what the rows themselves must take; a heap that others have filled is not their fault. */
const kShare = 1 / 8;
/** Of the whole heap: with less in use there is no need to look closer. */
const kLittle = 1 / 8;
/** What a batch takes at most, but for a few: RowBatch::kRowsMax rows of a string of 2 MB each. */
const kBatchBytes = 256 << 20;

class ResultMemory {
  /** Before the first row. */
  #before = 0;
  #batchesLeft = 0;

  /**
   * After each batch of rows.
   * @throws {Error} workerd's, when the heap is full of them
   */
  check() {
    if (this.#batchesLeft > 0) {
      this.#batchesLeft -= 1;
      return;
    }
    const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
    if (this.#before === 0) this.#before = used;
    this.#batchesLeft = Math.floor(Math.max(0, limit * kFull - used) / kBatchBytes);
    if (used < limit * kLittle || !isFull(used, limit, used - this.#before)) return;
    throw new Error(
      'SQL query result set is too large to fit in memory. Use a streaming iterator (e.g. `for (const row of cursor)` ' +
        'or `cursor.raw()`) or add a LIMIT clause instead of calling toArray() on a very large result set.',
    );
  }
}

/**
 * The limit of the heap counts the young generation, too: three spaces of which the new space has two, as large as they can be
 * by the time that many rows have survived. What is in it will survive, too, and move to the old generation.
 * @param {number} used bytes of the heap
 * @param {number} limit of the heap
 * @param {number} grown how many bytes the rows have taken
 */
function isFull(used, limit, grown) {
  const young = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  const old = limit - 1.5 * (young?.space_size ?? 0);
  return used > old * kFull && grown > old * kShare;
}

module.exports = { ResultMemory };
