'use strict';
// Bookmarks: names of states that one object was in, and the way back to them (spec S4.13).

class Bookmarks {
  #store;

  /** @param {import('./object-store').ObjectStore} store */
  constructor(store) {
    this.#store = store;
  }

  /** @template T @param {(native: any, handle: number) => T} call @returns {T} */
  #run(call) {
    const { native, handle } = this.#store;
    return this.#store.run(() => call(native, handle));
  }

  /** Whether the runtime keeps earlier states; without them a bookmark is a counter (S4.13.5). @returns {boolean} */
  get isHistoryKept() {
    return this.#store.native.retainsHistory();
  }

  /** Whether the object can go back: legacy classes have no point-in-time recovery (S4.13.4). @returns {boolean} */
  get canRestore() {
    return this.#store.isSqlite && this.isHistoryKept;
  }

  /** The object's own counter (S4.13.8). @returns {string} */
  counter() {
    return this.#run((native, handle) => native.bookmark(handle));
  }

  /** Of the state with all that was written so far; in a transaction, of the state before it. @returns {Promise<string>} */
  async committed() {
    for (;;) {
      const bookmark = this.#run((native, handle) => native.committedBookmark(handle));
      if (bookmark !== undefined) return bookmark;
      await this.#store.sync();
    }
  }

  /** @param {number} ms @returns {Promise<string>} */
  atTime(ms) {
    return this.#run((native) => native.bookmarkForTime(ms));
  }

  /** What names this object to restoreAtNextStart(). @returns {[uniqueKey: string, id: string]} */
  objectName() {
    return this.#run((native, handle) => native.objectName(handle));
  }

  /** @param {string} text @returns {boolean} */
  isBookmark(text) {
    return this.#store.native.isBookmark(text);
  }

  /**
   * @param {string} bookmark
   * @param {[uniqueKey: string, id: string] | []} [source] of which object; by default of this one
   * @returns {Promise<string>} the bookmark of now, once the restore is certain
   */
  async restoreAtNextStart(bookmark, source = []) {
    const now = await this.committed();
    const restored = this.#run((native, handle) =>
      native.restoreBookmark(handle, bookmark, ...source),
    );
    if (restored === undefined) throw new TypeError(`"${bookmark}" is not a bookmark.`);
    await restored;
    return now;
  }
}

module.exports = { Bookmarks };
