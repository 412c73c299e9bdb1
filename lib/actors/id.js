'use strict';
// DurableObjectId (spec S1.2). Minted by a DurableObjectNamespace only.

const { kNotStorable } = require('../storage/refusals');

const kMint = Symbol('mint');

class DurableObjectId {
  #hex;
  #space;
  #named;

  /**
   * @param {symbol} key
   * @param {string} hex 64 lower-case digits
   * @param {string | undefined} name
   * @param {string | undefined} jurisdiction
   * @param {object} space what minted it; it need not check it again
   * @param {import('./namespace-entry').Named} [named] when it was minted from its name
   */
  constructor(key, hex, name, jurisdiction, space, named) {
    if (key !== kMint) throw new TypeError('Illegal constructor');
    this.#hex = hex;
    this.#space = space;
    this.#named = named;
    // Own, enumerable, read-only, in this order (S1.2.1).
    Object.defineProperty(this, 'jurisdiction', { value: jurisdiction, enumerable: true });
    Object.defineProperty(this, 'name', { value: name, enumerable: true });
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectId';
  }

  toString() {
    return this.#hex;
  }

  /** S1.2.5 @param {DurableObjectId} other */
  equals(other) {
    if (!isId(other)) {
      throw new TypeError(
        "Failed to execute 'equals' on 'DurableObjectId': parameter 1 is not of type 'DurableObjectId'.",
      );
    }
    return other.#hex === this.#hex;
  }

  /** @param {DurableObjectId} id @param {object} space */
  static isOf(id, space) {
    return id.#space === space;
  }

  /** For lib/testing: what minted it. @param {DurableObjectId} id @returns {any} */
  static spaceOf(id) {
    return id.#space;
  }

  /** @param {DurableObjectId} id */
  static namedOf(id) {
    return id.#named;
  }

  /** @param {any} value @returns {value is DurableObjectId} */
  static isId(value) {
    return typeof value === 'object' && value !== null && #hex in value;
  }
}

Object.defineProperty(DurableObjectId.prototype, kNotStorable, { value: true });

const { isId, isOf, namedOf, spaceOf } = DurableObjectId;

/**
 * @param {object} space
 * @param {string} hex
 * @param {string | undefined} name
 * @param {string | undefined} jurisdiction
 * @param {import('./namespace-entry').Named} [named]
 */
const mintId = (space, hex, name, jurisdiction, named) =>
  new DurableObjectId(kMint, hex, name, jurisdiction, space, named);

/** @param {DurableObjectId} id @returns {string | undefined} */
const nameOf = (id) => /** @type {any} */ (id).name;

/** @param {DurableObjectId} id @returns {string | undefined} */
const jurisdictionOf = (id) => /** @type {any} */ (id).jurisdiction;

module.exports = { DurableObjectId, mintId, isId, isOf, namedOf, nameOf, jurisdictionOf, spaceOf };
