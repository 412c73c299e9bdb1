// readExports: the `exports` of a config: which classes there are, and what became of those that are gone (S8.5).
'use strict';

const { isTable } = require('./config-document');

/** @typedef {import('./migration-list').StorageKind} StorageKind */

/**
 * @typedef {object} Exports
 * @property {Map<string, StorageKind>} classes that are there
 * @property {Omit<import('./migration-list').Migration, 'tag'>} changes what is to happen to stored data, if it has not yet
 * @property {boolean} declares whether there are any classes in it
 */

/** What an entry of a state needs besides it, and may not have otherwise. @type {Record<string, string[]>} */
const FIELDS = {
  created: ['storage'],
  deleted: [],
  renamed: ['renamed_to'],
  transferred: ['transferred_to'],
  'expecting-transfer': ['storage', 'transfer_from'],
};
const STORAGE = { sqlite: 'sqlite', 'legacy-kv': 'kv' };
const TYPES = ['durable-object', 'worker', 'workflow'];

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {Exports}
 * @throws {import('./config-error').ConfigError} with wrangler's texts (S8.5.1, S8.5.2)
 */
function readExports(section) {
  /** @type {Exports} */
  const exports = {
    classes: new Map(),
    declares: false,
    changes: {
      newClasses: [],
      newSqliteClasses: [],
      renamedClasses: [],
      deletedClasses: [],
      transferredClasses: [],
    },
  };
  const { exports: value = {}, migrations } = section.data;
  if (!isTable(value))
    throw section.error(
      ['exports'],
      `The field "exports" should be an object, but got ${JSON.stringify(value)}.`,
    );
  const entries = Object.entries(value);
  exports.declares = entries.some(([, entry]) => isTable(entry) && entry.type === 'durable-object');
  // Build tools write both, one of them empty.
  if (exports.declares && Array.isArray(migrations) && migrations.length > 0) {
    throw section.error(
      ['exports'],
      '`migrations` and `exports` are mutually exclusive. Choose one or the other to declare your Durable Object lifecycle, but not both.',
    );
  }
  for (const [name, entry] of entries) {
    const fail = (/** @type {string} */ problem) =>
      section.error(['exports', name], `"exports.${name}${problem}`);
    if (!isTable(entry) || !TYPES.some((type) => type === entry.type))
      throw fail(`.type" must be one of ${list(TYPES)}.`);
    if (entry.type === 'durable-object') readClass(exports, name, entry, fail);
  }
  return exports;
}

/**
 * @param {Exports} exports
 * @param {string} name
 * @param {import('./config-document').Table} entry
 * @param {(problem: string) => Error} fail
 */
function readClass({ classes, changes }, name, entry, fail) {
  const { state = 'created' } = entry;
  if (typeof state !== 'string' || !Object.hasOwn(FIELDS, state)) {
    throw fail(
      `.state" must be one of "created", "deleted", "renamed", "transferred", or "expecting-transfer" but got ${JSON.stringify(entry.state)}.`,
    );
  }
  checkFields(name, state, entry, fail);
  if (FIELDS[state].includes('storage')) {
    classes.set(name, /** @type {StorageKind} */ (Reflect.get(STORAGE, String(entry.storage))));
  }
  if (state === 'deleted') changes.deletedClasses.push(name);
  if (state === 'renamed')
    changes.renamedClasses.push({ from: name, to: String(entry.renamed_to) });
  if (state === 'expecting-transfer') {
    const fromScript = String(entry.transfer_from);
    changes.transferredClasses.push({ from: name, fromScript, to: name });
  }
}

/**
 * @param {string} name
 * @param {string} state
 * @param {import('./config-document').Table} entry
 * @param {(problem: string) => Error} fail
 */
function checkFields(name, state, entry, fail) {
  const needed = FIELDS[state];
  const isLive = needed.includes('storage');
  const allowed = ['type', 'state', ...needed, ...(isLive ? ['container'] : [])];
  const strange = Object.keys(entry).find((field) => !allowed.includes(field));
  if (strange !== undefined) throw fail(`.${strange}" is forbidden on state "${state}".`);
  for (const field of needed) {
    const value = entry[field];
    if (field === 'storage') {
      if (typeof value !== 'string' || !Object.hasOwn(STORAGE, value))
        throw fail(
          `.storage" is required for state "${state}" and must be one of ${list(Object.keys(STORAGE))}.`,
        );
    } else if (typeof value !== 'string' || value === '') {
      throw fail(`.${field}" is required for state "${state}" and must be a non-empty string.`);
    } else if (value === name && field === 'renamed_to') {
      throw fail(`.${field}" cannot equal the source class name "${name}".`);
    }
  }
}

/** @param {string[]} words */
const list = (words) => words.map((word) => `"${word}"`).join(', ');

module.exports = { readExports };
