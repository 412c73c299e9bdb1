'use strict';
// HandleTable: what the native side knows by a handle: an index, which is used again, and a generation above it.
//
// An array, not a Map: a Map makes itself a new table after so many removals, and the old one keeps all that was in it, and through the
// new one all that comes later, until a full collection. Where entries come and go with each request, nothing of a request died young.

/** @template {{readonly handle: number}} T */
class HandleTable {
  /** @type {(T | undefined)[]} */
  #entries = [];

  /** @param {number} handle @returns {T | undefined} */
  get(handle) {
    const entry = this.#entries[handle >>> 0];
    return entry !== undefined && entry.handle === handle ? entry : undefined;
  }

  /** In the place of what has the same index: that one's handle is stale. @param {T} entry */
  add(entry) {
    const entries = this.#entries;
    const index = entry.handle >>> 0;
    while (entries.length < index) entries.push(undefined); // holes would make it slow for ever
    entries[index] = entry;
  }

  /** @param {number} handle */
  delete(handle) {
    if (this.get(handle) !== undefined) this.#entries[handle >>> 0] = undefined;
  }

  /** @returns {T[]} in order of their indices */
  values() {
    return /** @type {T[]} */ (this.#entries.filter((entry) => entry !== undefined));
  }
}

module.exports = { HandleTable };
