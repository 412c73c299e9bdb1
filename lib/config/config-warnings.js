// configWarnings: what a config says that has no effect here, or less than its author may think.
'use strict';

const { RESOURCE_KEYS } = require('./bindings');
const { isTable } = require('./config-document');
const { USED } = require('./key-kinds');

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/**
 * @param {Section} section
 * @param {import('./unsupported-bindings').UnsupportedBinding[]} unsupported
 * @param {Map<string, import('./migrations').NamespaceKind>} classes
 * @returns {string[]} one line each
 */
function configWarnings(section, unsupported, classes) {
  return [
    ...ignoredKeys(section, unsupported),
    ...unsupportedWarnings(unsupported),
    ...undeclaredWarnings(classes),
  ];
}

/**
 * @param {Section} section
 * @param {import('./unsupported-bindings').UnsupportedBinding[]} unsupported
 */
function ignoredKeys(section, unsupported) {
  const named = new Set(unsupported.map(({ kind }) => kind));
  const { dev } = section.data;
  const ignored = [
    ...Object.keys(section.data).filter(
      (key) => !USED.has(key) && !RESOURCE_KEYS.has(key) && !named.has(key),
    ),
    ...Object.keys(isTable(dev) ? dev : {}).flatMap((key) =>
      key === 'ip' || key === 'port' ? [] : [`dev.${key}`],
    ),
  ];
  return ignored.length ? [`These keys have no effect here: ${ignored.join(', ')}.`] : [];
}

/** @param {import('./unsupported-bindings').UnsupportedBinding[]} bindings */
function unsupportedWarnings(bindings) {
  if (!bindings.length) return [];
  const list = bindings.map(({ kind, name }) => `${kind} (env.${name})`).join(', ');
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

module.exports = { configWarnings };
