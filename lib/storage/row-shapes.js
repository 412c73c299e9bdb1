'use strict';
// How the rows of a query become objects (spec S4.4.2) or arrays: column names and factories, known again by the query's text.

/** @typedef {import('./row-cells').RowCells} RowCells */
/** @typedef {(cells: RowCells, at: number) => any} RowFactory of the row whose first cell is `at` */
/** @typedef {{id: number, names: string[], toObject: RowFactory, toArray: RowFactory}} RowShape */

/** @type {Map<string, {toObject: RowFactory, toArray: RowFactory}>} by column names */
const factories = new Map();
const kFactoriesMax = 1000;
const kShapesMax = 200;

/**
 * Functions that shape the cells of a row, compiled once per set of column names so that all row objects share one hidden
 * class. Later duplicates win (S4.4.2); a column called __proto__ does not appear in an object, as on workerd.
 * @param {string[]} names
 */
function factoriesFor(names) {
  const key = JSON.stringify(names);
  let made = factories.get(key);
  if (made === undefined) {
    if (factories.size >= kFactoriesMax) factories.clear();
    const cells = names.map((_, i) => `r.cell(at + ${i})`);
    const fields = names
      .map((name, i) => (name === '__proto__' ? '' : `[${JSON.stringify(name)}]: ${cells[i]}`))
      .filter(Boolean)
      .join(', ');
    made = { toObject: factory(`{ ${fields} }`), toArray: factory(`[${cells.join(', ')}]`) };
    factories.set(key, made);
  }
  return made;
}

/** @param {string} row an expression @returns {RowFactory} */
const factory = (row) => /** @type {RowFactory} */ (new Function('r', 'at', `return ${row};`));

/** Of one object: the number that a statement's names have there is only known there. */
class RowShapes {
  /** By query; made with the first one: most objects use keys only. @type {Map<string, RowShape> | undefined} */
  #shapes;

  /** @param {string} query @returns {RowShape | undefined} */
  get(query) {
    return this.#shapes?.get(query);
  }

  /** @param {string} query @param {number} id @param {string[]} names @returns {RowShape} */
  set(query, id, names) {
    this.#shapes ??= new Map();
    if (this.#shapes.size >= kShapesMax) this.#shapes.clear();
    const shape = { id, names, ...factoriesFor(names) };
    this.#shapes.set(query, shape);
    return shape;
  }
}

module.exports = { RowShapes };
