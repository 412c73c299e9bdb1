'use strict';
// IdleMemory: gives memory back once objects have left and little happens.
//
// V8 collects when a program allocates, so a runtime whose objects have all been evicted would keep their garbage, and the allocator
// the pages of closed connections, until something happens again. When something was released and then a whole period was quiet,
// this collects once; also when somebody wants to know what is garbage. It never does while there is work, nor when the heap is so
// large that the pause would be felt.
//
// A burst also leaves V8 with room for young objects, tens of megabytes, which it gives back only at a collection after five
// seconds in which little was allocated. So a quiet runtime collects a few times more, until that room is small.
//
// Thread: the one of its Node environment. Owner: Shard. Failure: none; where V8 has no `gc` only the native heap shrinks.

const v8 = require('node:v8');
const vm = require('node:vm');

const kPeriodMs = 2_000;
/** A period with no more turns than this is quiet. */
const kQuietTurnsMax = 50;
/** A full collection of so much takes about 50 ms (Node 20, one x86-64 core). */
const kHeapBytesMax = 128 * 1024 * 1024;
/** Less garbage than this is not worth a pause, nor are fewer objects and sockets that have left. */
const kGarbageBytesMin = 4 * 1024 * 1024;
const kReleasedMin = 64;
/** More than the five seconds that V8 looks back (Heap::ReduceNewSpaceSize). */
const kShrinkMs = 6_000;
const kShrinksMax = 3;
/** Room for young objects that is worth a collection. */
const kYoungBytesMax = 4 * 1024 * 1024;

/**
 * Whether to collect now.
 * @param {object} seen
 * @param {number} seen.turns in the last period, but for those that released something
 * @param {number} seen.heapBytes in use, garbage included
 * @param {number} seen.floorBytes what was in use after the last collection
 * @param {number} seen.released since then: of what was in use they may have left
 * @param {boolean} [seen.isWanted] a collection is wanted however little there is to gain
 * @returns {'wait' | 'skip' | 'collect'} skip: there is nothing to gain
 */
function decide({ turns, heapBytes, floorBytes, released, isWanted = false }) {
  if (turns > kQuietTurnsMax) return 'wait';
  if (heapBytes > kHeapBytesMax) return 'skip';
  const isWorthIt = heapBytes - floorBytes >= kGarbageBytesMin || released >= kReleasedMin;
  return isWanted || isWorthIt ? 'collect' : 'skip';
}

/** @type {(() => void) | undefined} of V8, the same for all runtimes of an environment */
let collector;

/** V8's heap. */
const v8Heap = {
  usedBytes: () => v8.getHeapStatistics().used_heap_size,
  youngBytes: () =>
    v8
      .getHeapSpaceStatistics()
      .filter(({ space_name: name }) => name === 'new_space')
      .reduce((sum, { physical_space_size: bytes }) => sum + bytes, 0),
  collect() {
    if (collector === undefined) {
      v8.setFlagsFromString('--expose-gc');
      const found = vm.runInNewContext('globalThis.gc');
      collector = typeof found === 'function' ? () => found() : () => {};
    }
    // Without options: with them the V8 of Node 20 does not mark the old space anew.
    collector();
  },
};

class IdleMemory {
  #trim;
  #heap;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #turns = 0;
  #releases = 0;
  #floorBytes;
  #releasedSince = 0;
  #wasReleased = false;
  #isWanted = false;
  #shrinks = 0;

  /** @param {() => void} trim gives what the native heap has free back to the system @param {typeof v8Heap} [heap] */
  constructor(trim, heap = v8Heap) {
    this.#trim = trim;
    this.#heap = heap;
    this.#floorBytes = heap.usedBytes();
  }

  turn() {
    this.#turns += 1;
  }

  /** An object or a connection is gone. */
  released() {
    this.#wasReleased = true;
    this.#releases += 1;
    this.#releasedSince += 1;
    this.#lookSoon();
  }

  /** Wants a collection in the next quiet period; it is not made when the heap is too large. */
  collectSoon() {
    this.#isWanted = true;
    this.#lookSoon();
  }

  #lookSoon() {
    if (this.#timer === undefined) this.#plan(() => this.#look(), kPeriodMs);
  }

  /** So many sockets go with the object that is released next. @param {number} count */
  sleeping(count) {
    this.#releasedSince += count;
  }

  close() {
    clearTimeout(this.#timer);
    this.#wasReleased = this.#isWanted = false;
  }

  /** @param {() => void} next @param {number} ms */
  #plan(next, ms) {
    this.#turns = 0;
    this.#releases = 0;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      next();
    }, ms);
    this.#timer.unref();
  }

  /** @returns {ReturnType<typeof decide>} */
  #decide() {
    return decide({
      turns: this.#turns - this.#releases,
      heapBytes: this.#heap.usedBytes(),
      floorBytes: this.#floorBytes,
      released: this.#releasedSince,
      isWanted: this.#isWanted,
    });
  }

  #look() {
    const verdict = this.#decide();
    if (verdict === 'wait') {
      this.#plan(() => this.#look(), kPeriodMs);
      return;
    }
    const wasReleased = this.#wasReleased;
    if (!wasReleased && !this.#isWanted) return;
    this.#wasReleased = this.#isWanted = false;
    if (verdict === 'collect') this.#collect();
    if (!wasReleased) return;
    this.#trim();
    this.#shrinks = 0;
    this.#planShrink();
  }

  #collect() {
    this.#heap.collect();
    this.#floorBytes = this.#heap.usedBytes();
    this.#releasedSince = 0;
  }

  #planShrink() {
    if (this.#shrinks === kShrinksMax || this.#heap.youngBytes() <= kYoungBytesMax) return;
    if (this.#heap.usedBytes() <= kHeapBytesMax) this.#plan(() => this.#shrink(), kShrinkMs);
  }

  #shrink() {
    if (this.#decide() !== 'wait') {
      this.#shrinks += 1;
      this.#collect();
    }
    if (this.#wasReleased || this.#isWanted) this.#plan(() => this.#look(), kPeriodMs);
    else this.#planShrink();
  }
}

module.exports = { IdleMemory, decide };
