// migrationsList: `holdfast migrations list`: which migrations were applied to stored data, and which are to come.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { readProjects } = require('./read-projects');
const { dataDirOf } = require('./server');

/**
 * @typedef {object} StoredMigrations
 * @property {string[]} tags applied
 * @property {{name: string, kind: string, uniqueKey: string, hasObjects: boolean}[]} classes
 */

/**
 * @typedef {(dataDir: string, workerName: string, migrations: readonly import('../config/migration-list').Migration[]) =>
 *   Promise<StoredMigrations>} ReadMigrations
 */

const KEYS = /** @type {const} */ ({
  newClasses: 'new_classes',
  newSqliteClasses: 'new_sqlite_classes',
  renamedClasses: 'renamed_classes',
  transferredClasses: 'transferred_classes',
  deletedClasses: 'deleted_classes',
});

/**
 * @param {import('./options').ProjectOptions & {env?: string}} options
 * @param {ReadMigrations} readMigrations
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 * @throws when the directory is in use
 */
async function migrationsList(options, readMigrations, terminal) {
  const projects = readProjects(options);
  const dataDir =
    options.dataDir === undefined ? dataDirOf(projects[0]) : path.resolve(options.dataDir);
  for (const { name, migrations } of projects) {
    // What does not exist is not made by looking at it.
    const stored = fs.existsSync(dataDir)
      ? await readMigrations(dataDir, name, migrations)
      : { tags: [], classes: [] };
    terminal.print([
      `Worker ${name}, data in ${dataDir}`,
      ...migrationLines(migrations, stored.tags),
    ]);
    terminal.print(stored.classes.map(classLine));
  }
}

/**
 * @param {readonly import('../config/migration-list').Migration[]} migrations
 * @param {readonly string[]} applied
 * @returns {string[]}
 */
function migrationLines(migrations, applied) {
  const lost = applied.filter((tag) => !migrations.some((migration) => migration.tag === tag));
  if (migrations.length === 0 && lost.length === 0) return ['no migrations'];
  return [
    ...lost.map((tag) => `${tag}: applied, missing in the configuration`),
    ...migrations.map(
      (migration) =>
        `${migration.tag}: ${applied.includes(migration.tag) ? 'applied' : 'pending'}${changes(migration)}`,
    ),
  ];
}

/** @param {import('../config/migration-list').Migration} migration */
function changes(migration) {
  const parts = Object.entries(KEYS).flatMap(([property, key]) => {
    const list = migration[/** @type {keyof typeof KEYS} */ (property)];
    return list.length ? [`${key} ${list.map(change).join(', ')}`] : [];
  });
  return parts.length ? `; ${parts.join('; ')}` : '';
}

/** @param {string | {from: string, to: string, fromScript?: string}} entry */
function change(entry) {
  if (typeof entry === 'string') return entry;
  const { from, to, fromScript } = entry;
  return `${fromScript === undefined ? '' : `${fromScript}:`}${from} to ${to}`;
}

/** @param {StoredMigrations['classes'][number]} entry */
const classLine = ({ name, kind, uniqueKey, hasObjects }) =>
  `class ${name}: ${kind}, ${uniqueKey}, ${hasObjects ? 'has objects' : 'empty'}`;

module.exports = { migrationsList };
