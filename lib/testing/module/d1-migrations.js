'use strict';
// applyD1Migrations (spec S10.2) and the reading of the files that wrangler keeps migrations in.

const fs = require('node:fs');
const path = require('node:path');
const { splitSql } = require('./split-sql');

/** @typedef {{name: string, queries: string[]}} D1Migration */

/** @param {any} value */
const isDatabase = (value) =>
  typeof value === 'object' &&
  value !== null &&
  ['prepare', 'batch', 'exec'].every((name) => typeof value[name] === 'function');

/** @param {any} value */
const isMigration = (value) =>
  typeof value?.name === 'string' &&
  Array.isArray(value.queries) &&
  value.queries.every((/** @type {unknown} */ query) => typeof query === 'string');

/**
 * Each that the table does not name, as one batch with its row.
 * @param {any} db
 * @param {D1Migration[]} migrations
 * @param {string} [tableName]
 */
async function applyD1Migrations(db, migrations, tableName = 'd1_migrations') {
  if (!isDatabase(db)) throw argumentError(1, 'D1Database');
  if (!Array.isArray(migrations) || !migrations.every(isMigration))
    throw argumentError(2, 'D1Migration[]');
  if (typeof tableName !== 'string') throw argumentError(3, 'string');
  const table = `"${tableName.replaceAll('"', '""')}"`;
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, ` +
        'applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run();
  const { results } = await db.prepare(`SELECT name FROM ${table}`).all();
  const applied = new Set(results.map((/** @type {{name: string}} */ { name }) => name));
  const insert = db.prepare(`INSERT INTO ${table} (name) VALUES (?)`);
  for (const { name, queries } of migrations) {
    if (applied.has(name)) continue;
    await db.batch([...queries.map((query) => db.prepare(query)), insert.bind(name)]);
  }
}

/** @param {number} index @param {string} type */
const argumentError = (index, type) =>
  new TypeError(
    `Failed to execute 'applyD1Migrations': parameter ${index} is not of type '${type}'.`,
  );

/**
 * @param {string} directory
 * @returns {Promise<D1Migration[]>} of each `.sql` file, in the order of their names
 */
async function readD1Migrations(directory) {
  if (typeof directory !== 'string')
    throw new TypeError(
      "Failed to execute 'readD1Migrations': parameter 1 is not of type 'string'.",
    );
  const names = (await fs.promises.readdir(directory)).filter((name) => name.endsWith('.sql'));
  const inOrder = names.sort((a, b) => parseInt(a) - parseInt(b) || (a < b ? -1 : 1));
  return Promise.all(
    inOrder.map(async (name) => {
      const text = await fs.promises.readFile(path.join(directory, name), 'utf8');
      return { name, queries: splitSql(text) };
    }),
  );
}

module.exports = { applyD1Migrations, readD1Migrations };
