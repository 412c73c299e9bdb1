'use strict';
// IdleMemory: gives memory back once objects have left and little happens.
//
// V8 collects when a program allocates, so a runtime whose objects have all been evicted would keep their garbage, and the allocator
// the pages of closed connections, until something happens again. When something was released and then a whole period was quiet,
// this collects once; also when somebody wants to know what is garbage. It never does while there is work, nor when the heap is so
// large that the pause would be felt.
//
// Thread: the one of its Node environment. Owner: Shard. Failure: none; where V8 has no `gc` only the native heap shrinks.

const v8 = require('node:v8');
const vm = require('node:vm');

const kPeriodMs = 2_000;
/** A period with no more turns than this is quiet. */
const kQuietTurnsMax = 50;
/** A full collection of so much takes about 50 ms (Node 20, one x86-64 core). */
const kHeapBytesMax = 128 * 1024 * 1024;
/** Less garbage than this is not worth a pause. */
const kGarbageBytesMin = 4 * 1024 * 1024;

/**
 * Whether to collect now.
 * @param {object} seen
 * @param {number} seen.turns in the last period
 * @param {number} seen.heapBytes in use, garbage included
 * @param {number} seen.floorBytes what was in use after the last collection
 * @param {boolean} [seen.isWanted] a collection is wanted however little there is to gain
 * @returns {'wait' | 'skip' | 'collect'} skip: there is nothing to gain
 */
function decide({ turns, heapBytes, floorBytes, isWanted = false }) {
  if (turns > kQuietTurnsMax) return 'wait';
  if (heapBytes > kHeapBytesMax) return 'skip';
  return isWanted || heapBytes - floorBytes >= kGarbageBytesMin ? 'collect' : 'skip';
}

const heapBytes = () => v8.getHeapStatistics().used_heap_size;

/** @type {(() => void) | undefined} of V8, the same for all runtimes of an environment */
let collector;

/** @returns {() => void} */
function gc() {
  if (collector === undefined) {
    v8.setFlagsFromString('--expose-gc');
    const found = vm.runInNewContext('globalThis.gc');
    collector = typeof found === 'function' ? () => found() : () => {};
  }
  return collector;
}

class IdleMemory {
  #trim;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #turns = 0;
  #floorBytes = heapBytes();
  #wasReleased = false;
  #isWanted = false;

  /** @param {() => void} trim gives what the native heap has free back to the system */
  constructor(trim) {
    this.#trim = trim;
  }

  turn() {
    this.#turns += 1;
  }

  /** An object or a connection is gone. */
  released() {
    this.#wasReleased = true;
    this.#arm();
  }

  /** Wants a collection in the next quiet period; it is not made when the heap is too large. */
  collectSoon() {
    this.#isWanted = true;
    this.#arm();
  }

  #arm() {
    if (this.#timer !== undefined) return;
    this.#turns = 0;
    this.#timer = setTimeout(() => this.#look(), kPeriodMs);
    this.#timer.unref();
  }

  close() {
    clearTimeout(this.#timer);
    this.#wasReleased = this.#isWanted = false;
  }

  #look() {
    this.#timer = undefined;
    const seen = {
      turns: this.#turns,
      heapBytes: heapBytes(),
      floorBytes: this.#floorBytes,
      isWanted: this.#isWanted,
    };
    const verdict = decide(seen);
    if (verdict === 'wait') {
      this.#arm();
      return;
    }
    const wasReleased = this.#wasReleased;
    this.#wasReleased = this.#isWanted = false;
    if (verdict === 'collect') {
      gc()();
      this.#floorBytes = heapBytes();
    }
    if (wasReleased) this.#trim();
  }
}

module.exports = { IdleMemory, decide };
