'use strict';
// RowCells: the rows that the latest native call on a cursor gave, cell by cell, and the bindings that the next one takes
// (native/node/row_batch.h).
//
// There is one for each environment: rows are shaped before another call is made.

const { cellKind, cellTextUnits } = require('../constants');

class RowCells {
  #kinds;
  #numbers;
  #others;
  #text = '';
  /** How many of #others are in use: the array keeps its length, so that it need not grow again. */
  #used = 0;

  /** @param {{kinds: Uint8Array, numbers: Float64Array, others: any[]}} cells */
  constructor({ kinds, numbers, others }) {
    this.#kinds = kinds;
    this.#numbers = numbers;
    this.#others = others;
  }

  /**
   * @param {string | undefined} text what short texts are cut from; undefined: there are no rows
   * @param {number} used how many cells are neither numbers nor short texts
   * @returns {boolean} there are rows
   */
  begin(text, used) {
    if (text === undefined) return false;
    this.#text = text;
    this.#used = used;
    return true;
  }

  /** @param {any[]} values null, numbers, strings, bytes; of more than a statement may have only some */
  write(values) {
    const count = Math.min(values.length, this.#kinds.length);
    for (let i = 0; i < count; i += 1) {
      const value = values[i];
      if (typeof value === 'number') {
        this.#kinds[i] = kNumber;
        this.#numbers[i] = value;
      } else if (value === null) {
        this.#kinds[i] = kNull;
      } else {
        this.#kinds[i] = kOther;
        this.#numbers[i] = this.#used;
        this.#others[this.#used] = value;
        this.#used += 1;
      }
    }
  }

  /** Nothing of rows and bindings stays in memory. */
  end() {
    for (let i = 0; i < this.#used; i += 1) this.#others[i] = undefined;
    this.#used = 0;
  }

  /** @param {number} at rows of so many columns follow each other @returns {any} */
  cell(at) {
    const number = this.#numbers[at];
    const kind = this.#kinds[at];
    if (kind === kNumber) return number;
    if (kind === kText) {
      const start = Math.floor(number / cellTextUnits);
      return this.#text.substring(start, start + (number % cellTextUnits));
    }
    return kind === kNull ? null : this.#others[number];
  }
}

const { null: kNull, number: kNumber, text: kText, other: kOther } = cellKind;

module.exports = { RowCells };
