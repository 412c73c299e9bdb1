// readResourceBindings: the bindings of a config that Holdfast has besides Durable Objects and services (S8.7).
'use strict';

const { readD1Databases } = require('./d1-databases');
const { readKvNamespaces } = require('./kv-namespaces');

/**
 * @typedef {object} ResourceBindings
 * @property {import('./kv-namespaces').KvNamespaceBinding[]} kvNamespaces
 * @property {import('./d1-databases').D1Binding[]} d1Databases
 */

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @returns {ResourceBindings}
 * @throws {import('../config-error').ConfigError}
 */
function readResourceBindings(section) {
  return { kvNamespaces: readKvNamespaces(section), d1Databases: readD1Databases(section) };
}

module.exports = { readResourceBindings };
