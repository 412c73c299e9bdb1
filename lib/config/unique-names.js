// checkUniqueNames: two bindings of one name would hide one another on `env`.
'use strict';

const { isTable } = require('./config-document');
const { KEYS } = require('./key-table');

/** Lists of bindings that lie deeper, and tables whose keys are the names. */
const LISTS = /** @type {const} */ ([
  ['durable_objects', 'bindings'],
  ['queues', 'producers'],
  ['unsafe', 'bindings'],
  ['logfwdr', 'bindings'],
]);
const TABLES = ['vars', 'wasm_modules', 'text_blobs', 'data_blobs'];

/**
 * wrangler refuses the same ones. Limiters and mail, which have a `name`, are no part of that.
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @throws {import('./config-error').ConfigError}
 */
function checkUniqueNames(section) {
  /** @type {Map<string, string>} which key a name was met in */
  const met = new Map();
  for (const { key, name } of boundNames(section.data)) {
    const other = met.get(name);
    if (other === undefined) met.set(name, key);
    else {
      const where = other === key ? `twice in "${key}"` : `in "${other}" and in "${key}"`;
      throw section.error(
        [key],
        `${name} is bound ${where}. Bindings must have unique names, as each is a property of env.`,
      );
    }
  }
}

/** @param {import('./config-document').Table} data @returns {{key: string, name: string}[]} */
function boundNames(data) {
  const named = (/** @type {string} */ key, /** @type {unknown[]} */ names) =>
    names.flatMap((name) => (typeof name === 'string' ? [{ key, name }] : []));
  const deeper = LISTS.flatMap(([key, list]) => {
    const { [key]: outer } = data;
    return named(key, namesOf(isTable(outer) ? outer[list] : undefined));
  });
  const tables = TABLES.flatMap((key) =>
    named(key, isTable(data[key]) ? Object.keys(data[key]) : []),
  );
  const lists = Object.keys(data).flatMap((key) =>
    KEYS.has(key) ? named(key, bindingsOf(data[key])) : [],
  );
  const { secrets } = data;
  const required = isTable(secrets) && Array.isArray(secrets.required) ? secrets.required : [];
  return [...lists, ...deeper, ...tables, ...named('secrets', required)];
}

/** @param {unknown} value @returns {unknown[]} */
const bindingsOf = (value) =>
  [value].flat().map((entry) => (isTable(entry) ? entry.binding : undefined));

/** @param {unknown} list @returns {unknown[]} */
const namesOf = (list) =>
  Array.isArray(list)
    ? list.map((entry) => (isTable(entry) ? (entry.name ?? entry.binding) : undefined))
    : [];

module.exports = { checkUniqueNames };
