'use strict';
// How the rows of a query become objects (spec S4.4.2): column names and a factory, known again by the query's text.

/** @typedef {{id: number, names: string[], toObject: (values: any[]) => any}} RowShape */

/** @type {Map<string, (values: any[]) => any>} by column names */
const factories = new Map();
const kFactoriesMax = 1000;
const kShapesMax = 200;

/**
 * A function that shapes an array of values into a row object, compiled once per set of column names so that all rows
 * share one hidden class. Later duplicates win (S4.4.2); a column called __proto__ does not appear, as on workerd.
 * @param {string[]} names
 * @returns {(values: any[]) => any}
 */
function rowFactory(names) {
  const key = JSON.stringify(names);
  let factory = factories.get(key);
  if (factory === undefined) {
    if (factories.size >= kFactoriesMax) factories.clear();
    const fields = names
      .map((name, i) => (name === '__proto__' ? '' : `[${JSON.stringify(name)}]: v[${i}]`))
      .filter(Boolean)
      .join(', ');
    factory = /** @type {(values: any[]) => any} */ (new Function('v', `return { ${fields} };`));
    factories.set(key, factory);
  }
  return factory;
}

/** Of one object: the number that a statement's names have there is only known there. */
class RowShapes {
  /** @type {Map<string, RowShape>} by query */
  #shapes = new Map();

  /** @param {string} query @returns {RowShape | undefined} */
  get(query) {
    return this.#shapes.get(query);
  }

  /** @param {string} query @param {number} id @param {string[]} names @returns {RowShape} */
  set(query, id, names) {
    if (this.#shapes.size >= kShapesMax) this.#shapes.clear();
    const shape = { id, names, toObject: rowFactory(names) };
    this.#shapes.set(query, shape);
    return shape;
  }
}

module.exports = { RowShapes };
