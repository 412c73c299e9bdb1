// random.js: choices that a seed determines, the same on every runtime.

export class Random {
  #state;

  /** @param {number} seed any number; neighbours give unlike sequences */
  constructor(seed) {
    this.#state = (seed * 2_654_435_761 + 12_345) >>> 0;
  }

  /** mulberry32 */
  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** @param {number} bound @returns {number} an integer from 0, below the bound */
  below(bound) {
    return this.#next() % bound;
  }

  /** @param {number} percent */
  chance(percent) {
    return this.below(100) < percent;
  }

  /** @template T @param {T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** As pick(); an entry is `[weight, value]`. */
  weighted(entries) {
    let left = this.below(entries.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of entries) if ((left -= weight) < 0) return value;
  }

  /** @template T @param {number} max @param {(i: number) => T} make @returns {T[]} */
  list(max, make) {
    return Array.from({ length: this.below(max + 1) }, (_, i) => make(i));
  }
}
