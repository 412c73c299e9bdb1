// configWarnings: what a config says that has no effect here, or less than its author may think.
'use strict';

const { isTable } = require('./config-document');
const { isFilledIn, isGenerated } = require('./generated-config');
const { KEYS } = require('./key-table');

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/**
 * @param {import('./unsupported-bindings').UnsupportedBinding[]} unsupported
 * @param {Map<string, import('./migrations').NamespaceKind>} classes
 * @returns {string[]} one line each
 */
function configWarnings(unsupported, classes) {
  return [...unsupportedWarnings(unsupported), ...undeclaredWarnings(classes)];
}

/**
 * @param {Section} section
 * @param {import('./unsupported-bindings').UnsupportedBinding[]} bindings of kinds that do not exist here; their keys have an effect
 * @returns {string[]} one line, or none
 */
function ignoredKeys({ data }, bindings) {
  const named = new Set(bindings.map(({ kind }) => kind));
  const isUsed = (/** @type {string} */ key) =>
    KEYS.get(key)?.use === 'supported' || named.has(key);
  const inner = [...KEYS].flatMap(([key, { use }]) =>
    use === 'accepted' && key.includes('.') && isSet(data, key.split('.')) ? [key] : [],
  );
  const outer = Object.keys(data).filter((key) => !isUsed(key) && !isEmpty(data[key]));
  const ignored = [...outer, ...inner].filter((key) => !(isGenerated(data) && isFilledIn(key)));
  return ignored.length ? [`These keys have no effect here: ${ignored.join(', ')}.`] : [];
}

/** Build tools write every key, most of them empty. @param {unknown} value @returns {boolean} */
function isEmpty(value) {
  if (value === undefined || value === null) return true;
  return (
    typeof value === 'object' &&
    Object.values(value).every((inner) => typeof inner === 'object' && isEmpty(inner))
  );
}

/**
 * @param {unknown} value
 * @param {string[]} path `name[]` goes into each entry of a list
 * @returns {boolean}
 */
function isSet(value, [key, ...rest]) {
  if (!isTable(value)) return false;
  const name = key.replace(/\[\]$/, '');
  const inner = value[name];
  if (rest.length === 0) return inner !== undefined;
  const entries = name === key ? [inner] : Array.isArray(inner) ? inner : [];
  return entries.some((entry) => isSet(entry, rest));
}

/** @param {import('./unsupported-bindings').UnsupportedBinding[]} bindings */
function unsupportedWarnings(bindings) {
  // Assets are supported; what they lack has a line of its own.
  const unsupported = bindings.filter(({ kind }) => kind !== 'assets');
  if (!unsupported.length) return [];
  const list = unsupported.map(({ kind, name }) => `${kind} (env.${name})`).join(', ');
  return [`These bindings are not supported yet and throw when used: ${list}.`];
}

/** @param {Map<string, import('./migrations').NamespaceKind>} classes */
function undeclaredWarnings(classes) {
  const names = [...classes].flatMap(([name, kind]) => (kind === 'undeclared' ? [name] : []));
  if (!names.length) return [];
  return [
    `No migration declares ${names.join(', ')}: without SQL storage until "migrations" lists ` +
      `${names.length > 1 ? 'them' : 'it'} under "new_sqlite_classes".`,
  ];
}

module.exports = { configWarnings, ignoredKeys };
