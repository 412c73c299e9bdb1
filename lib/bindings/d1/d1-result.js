'use strict';
// How D1 gives rows to a program: as objects (spec S8.7.1).

/** @param {string[]} columns @param {any[]} row @returns {Record<string, any>} */
const toObject = (columns, row) => Object.fromEntries(row.map((cell, i) => [columns[i], cell]));

/** What all(), run() and batch() give. @param {import('./d1-store').QueryResult} result */
function toResult({ columns, rows, meta }) {
  return { success: true, meta, results: rows.map((row) => toObject(columns, row)) };
}

module.exports = { toObject, toResult };
