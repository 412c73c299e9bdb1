// The `migrations` of a config: their shape, and which storage each class ends up with (S8.4).
'use strict';

const { isTable } = require('./config-document');

/** @typedef {'sqlite' | 'kv'} StorageKind */
/** @typedef {{from: string, to: string}} Rename */

/**
 * @typedef {object} Migration
 * @property {string} tag
 * @property {string[]} newClasses
 * @property {string[]} newSqliteClasses
 * @property {Rename[]} renamedClasses
 * @property {string[]} deletedClasses
 * @property {(Rename & {fromScript: string})[]} transferredClasses
 */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {Migration[]}
 * @throws {import('./config-error').ConfigError} with wrangler's texts (S8.4.10)
 */
function readMigrations(section) {
  const value = section.data.migrations;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw section.error(
      ['migrations'],
      `The optional "migrations" field should be an array, but got ${JSON.stringify(value)}`,
    );
  }
  const tags = new Set();
  return value.map((entry, index) => {
    const migration = readMigration(section, entry, index);
    if (tags.has(migration.tag)) {
      throw section.error(
        ['migrations', index, 'tag'],
        `"migrations[${index}].tag" repeats ${JSON.stringify(migration.tag)}.`,
      );
    }
    tags.add(migration.tag);
    return migration;
  });
}

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @param {any} entry
 * @param {number} index
 * @returns {Migration}
 */
function readMigration(section, entry, index) {
  const name = `migrations[${index}]`;
  const fail = (/** @type {string} */ key, /** @type {string} */ problem) =>
    section.error(['migrations', index, key], problem);
  if (!isTable(entry))
    throw section.error(
      ['migrations', index],
      `"${name}" should be an object, but got ${JSON.stringify(entry)}.`,
    );
  if (typeof entry.tag !== 'string') {
    throw fail(
      'tag',
      `Expected "${name}.tag" to be of type string but got ${JSON.stringify(entry.tag)}.`,
    );
  }
  const strings = (/** @type {string} */ key) => {
    const { [key]: list = [] } = entry;
    if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
    throw fail(
      key,
      `Expected "${name}.${key}" to be of type string array but got ${JSON.stringify(list)}.`,
    );
  };
  const objects = (/** @type {string} */ key, /** @type {string[]} */ fields) => {
    const { [key]: list = [] } = entry;
    const fits = (/** @type {any} */ item) =>
      isTable(item) && fields.every((field) => typeof item[field] === 'string');
    if (Array.isArray(list) && list.every(fits)) return list;
    const shape = `{${fields.map((field) => `${field}: string`).join(', ')}}`;
    throw fail(
      key,
      `Expected "${name}.${key}" to be an array of "${shape}" objects but got ${JSON.stringify(list)}.`,
    );
  };
  return {
    tag: entry.tag,
    newClasses: strings('new_classes'),
    newSqliteClasses: strings('new_sqlite_classes'),
    renamedClasses: objects('renamed_classes', ['from', 'to']).map(({ from, to }) => ({
      from,
      to,
    })),
    deletedClasses: strings('deleted_classes'),
    transferredClasses: objects('transferred_classes', ['from', 'from_script', 'to']).map(
      (transfer) => ({
        from: transfer.from,
        fromScript: transfer.from_script,
        to: transfer.to,
      }),
    ),
  };
}

/**
 * Storage per class after all migrations, as if none had been applied before (S8.4.3).
 *
 * A class transferred from another Worker starts empty here, with SQLite storage: what that Worker stored is not ours.
 * @param {readonly Migration[]} migrations
 * @returns {Map<string, StorageKind>}
 * @throws {Error} with wrangler's texts
 */
function evaluateMigrations(migrations) {
  /** @type {Map<string, StorageKind>} */
  const kinds = new Map();
  const create = (
    /** @type {string} */ key,
    /** @type {string} */ name,
    /** @type {StorageKind} */ kind,
  ) => {
    if (kinds.has(name)) throw new Error(`Cannot apply ${key} migration to existing class ${name}`);
    kinds.set(name, kind);
  };
  for (const migration of migrations) {
    for (const name of migration.deletedClasses) {
      if (!kinds.delete(name))
        throw new Error(`Cannot apply deleted_classes migration to non-existent class ${name}`);
    }
    for (const { from, to } of migration.renamedClasses) {
      const kind = kinds.get(from);
      if (!kind)
        throw new Error(`Cannot apply renamed_classes migration to non-existent class ${from}`);
      kinds.delete(from);
      create('renamed_classes', to, kind);
    }
    for (const { to } of migration.transferredClasses) create('transferred_classes', to, 'sqlite');
    for (const name of migration.newClasses) create('new_classes', name, 'kv');
    for (const name of migration.newSqliteClasses) create('new_sqlite_classes', name, 'sqlite');
  }
  return kinds;
}

module.exports = { evaluateMigrations, readMigrations };
