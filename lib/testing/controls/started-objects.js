'use strict';
// StartedObjects: which objects were activated since the last reset, by level (spec S10.2.6: each has a database from then on).

class StartedObjects {
  /** @type {{ids: Map<number, Set<string>>, hidesBelow: boolean}[]} the last is the current level; ids by namespace */
  #levels = [{ ids: new Map(), hidesBelow: true }];

  /** @param {number} namespace @param {string} hex */
  add(namespace, hex) {
    const { ids } = this.#top;
    const known = ids.get(namespace) ?? new Set();
    ids.set(namespace, known);
    known.add(hex);
  }

  /** @param {number} namespace @returns {Set<string>} */
  of(namespace) {
    const found = new Set();
    for (const { ids, hidesBelow } of [...this.#levels].reverse()) {
      for (const hex of ids.get(namespace) ?? []) found.add(hex);
      if (hidesBelow) break;
    }
    return found;
  }

  push() {
    this.#levels.push({ ids: new Map(), hidesBelow: false });
  }

  /** @param {boolean} keep */
  pop(keep) {
    const { ids, hidesBelow } = this.#top;
    this.#levels.pop();
    if (!keep) return;
    if (hidesBelow) this.clear();
    for (const [namespace, hexes] of ids) for (const hex of hexes) this.add(namespace, hex);
  }

  clear() {
    this.#levels.splice(-1, 1, { ids: new Map(), hidesBelow: true });
  }

  get #top() {
    return this.#levels[this.#levels.length - 1];
  }
}

module.exports = { StartedObjects };
