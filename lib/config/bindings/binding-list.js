// readBindingList: a list of bindings in a config, each entry with a `binding` and some fields.
'use strict';

const { isTable } = require('../config-document');

/** @typedef {InstanceType<typeof import('../environment').Section>} Section */

/**
 * @param {Section} section
 * @param {string} key of the config
 * @param {Record<string, string>} fields type by name, as of `typeof`; with a question mark it may be missing
 * @returns {any[]} the entries
 * @throws {import('../config-error').ConfigError} with wrangler's texts
 */
function readBindingList(section, key, fields) {
  return readEntries(section, [key], section.data[key], { binding: 'string', ...fields });
}

/**
 * @param {Section} section
 * @param {string[]} path where the list is
 * @param {unknown} value the list
 * @param {Record<string, string>} fields
 * @returns {any[]}
 */
function readEntries(section, path, value, fields) {
  if (value === undefined) return [];
  const field = path.join('.');
  if (!Array.isArray(value)) {
    throw section.error(
      path,
      `The field "${field}" should be an array but got ${JSON.stringify(value)}.`,
    );
  }
  value.forEach((entry, index) => {
    const problems = problemsOf(entry, fields);
    if (problems.length)
      throw section.error([...path, index], `"${field}[${index}]": ${problems.join(' ')}`);
  });
  return value;
}

/** @param {unknown} entry @param {Record<string, string>} fields */
function problemsOf(entry, fields) {
  if (!isTable(entry)) return [`entry should be an object, but got ${JSON.stringify(entry)}.`];
  return Object.entries(fields).flatMap(([name, type]) => {
    const given = entry[name];
    const expected = type.replace('?', '');
    if (given === undefined && type.endsWith('?')) return [];
    if (typeof given === expected && given !== '') return [];
    return type.endsWith('?')
      ? [`the field "${name}", when present, should be a ${expected}.`]
      : [`entry should have a ${expected} "${name}" field.`];
  });
}

module.exports = { readBindingList, readEntries };
