// readResourceBindings: the bindings of a config that Holdfast has besides Durable Objects and services (S8.7).
'use strict';

const { readKvNamespaces } = require('./kv-namespaces');

/** Keys of a config whose bindings are read here; all others that put something on `env` throw when it is used. */
const RESOURCE_KEYS = new Set(['kv_namespaces']);

/**
 * @typedef {object} ResourceBindings
 * @property {import('./kv-namespaces').KvNamespaceBinding[]} kvNamespaces
 */

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @returns {ResourceBindings}
 * @throws {import('../config-error').ConfigError}
 */
function readResourceBindings(section) {
  return { kvNamespaces: readKvNamespaces(section) };
}

module.exports = { RESOURCE_KEYS, readResourceBindings };
