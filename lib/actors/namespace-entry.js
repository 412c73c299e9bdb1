'use strict';
// NamespaceEntry: one namespace of a runtime: its class, its unique key, how its ids are made.
// Every binding and every instance's env shares it.

const { randomBytes } = require('node:crypto');

const kIdCacheMax = 10_000;

/**
 * @typedef {object} Named what is known of a name
 * @property {string} hex its id
 * @property {import('./channel').Channel | undefined} channel the last one that a stub asked for
 */

/**
 * @typedef {object} Code what runs in a namespace
 * @property {() => Function} classOf
 * @property {import('../workers/worker').Worker} worker
 */

class NamespaceEntry {
  #native;
  /** @type {Code | undefined} of a reload that is under way */
  #next;
  /** @type {Map<string, Named>} by name; a name's id never changes */
  #named = new Map();

  /**
   * @param {import('../shard').Shard} shard
   * @param {{uniqueKey: string, className: string, classOf: () => Function, kind: 'sqlite' | 'kv', worker: import('../workers/worker').Worker}} options
   */
  constructor(shard, { uniqueKey, className, classOf, kind, worker }) {
    this.shard = shard;
    this.uniqueKey = uniqueKey;
    this.className = className;
    this.classOf = classOf;
    this.kind = kind;
    this.worker = worker;
    this.flags = worker.flags;
    this.#native = shard.native;
    /** @type {number} */
    this.index = this.#native.addNamespace(uniqueKey, kind);
    shard.namespaces[this.index] = this;
  }

  /** New code is being loaded: it runs here from takeOver() on. @param {Code} code */
  prepare(code) {
    this.#next = code;
  }

  takeOver() {
    if (this.#next === undefined) return;
    const { classOf, worker } = this.#next;
    this.#next = undefined;
    Object.assign(this, { classOf, worker, flags: worker.flags });
  }

  /** @param {string} name @param {string | undefined} jurisdiction @returns {Named} */
  named(name, jurisdiction) {
    if (jurisdiction !== undefined) {
      const hex = this.#native.idFromName(this.index, toWtf8(name), jurisdiction);
      return { hex, channel: undefined };
    }
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    if (this.#named.size >= kIdCacheMax) this.#named.clear();
    const hex = this.#native.idFromName(this.index, toWtf8(name), undefined);
    const named = { hex, channel: undefined };
    this.#named.set(name, named);
    return named;
  }

  /** @param {string | undefined} jurisdiction @returns {string} */
  newUniqueId(jurisdiction) {
    return this.#native.newUniqueId(this.index, randomBytes(16), jurisdiction);
  }

  /** @param {string} hex @returns {{id: string, jurisdiction: string | undefined}} @throws {TypeError} S1.3.4 */
  parseId(hex) {
    const [id, jurisdiction] = this.#native.parseId(this.index, hex);
    return { id, jurisdiction };
  }
}

const kSurrogate = /[\ud800-\udfff]/u; // with the flag u: those without a partner
const kSurrogates = /([\ud800-\udfff])/u;

/**
 * S1.3.7: a lone surrogate counts as its own three bytes, as in workerd, so that such names stay distinct.
 * @param {string} name
 * @returns {string | Buffer} the name itself where UTF-8 can say it
 */
function toWtf8(name) {
  if (!kSurrogate.test(name)) return name;
  const parts = name.split(kSurrogates).map((part) => {
    if (!kSurrogate.test(part)) return Buffer.from(part, 'utf8');
    const unit = part.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
  });
  return Buffer.concat(parts);
}

module.exports = { NamespaceEntry };
