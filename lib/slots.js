'use strict';
// Slots: values known to the native side by small numbers.

/** @template T */
class Slots {
  /** @type {(T | undefined)[]} */
  #values = [undefined]; // 0 is no token
  /** @type {number[]} */
  #free = [];

  /** @param {T} value @returns {number} */
  add(value) {
    const token = this.#free.pop() ?? this.#values.length;
    this.#values[token] = value;
    return token;
  }

  /** @param {number} token that was not taken @returns {T} */
  get(token) {
    return /** @type {T} */ (this.#values[token]);
  }

  /** @param {number} token @returns {T} */
  take(token) {
    const value = /** @type {T} */ (this.#values[token]);
    this.#values[token] = undefined;
    this.#free.push(token);
    return value;
  }
}

module.exports = { Slots };
