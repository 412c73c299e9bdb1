// readResourceBindings: the bindings of a config that Holdfast has besides Durable Objects and services (S8.7).
'use strict';

const { readD1Databases } = require('./d1-databases');
const { readKvNamespaces } = require('./kv-namespaces');
const { readRatelimits } = require('./ratelimits');
const { readVersionMetadata } = require('./version-metadata');

/** Keys of a config whose bindings are read here; all others that put something on `env` throw when it is used. */
const RESOURCE_KEYS = new Set(['kv_namespaces', 'd1_databases', 'ratelimits', 'version_metadata']);

/**
 * @typedef {object} ResourceBindings
 * @property {import('./kv-namespaces').KvNamespaceBinding[]} kvNamespaces
 * @property {import('./d1-databases').D1Binding[]} d1Databases
 * @property {import('./ratelimits').RatelimitBinding[]} ratelimits
 * @property {string} [versionMetadata] the property of `env`
 */

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @returns {ResourceBindings}
 * @throws {import('../config-error').ConfigError}
 */
function readResourceBindings(section) {
  return {
    kvNamespaces: readKvNamespaces(section),
    d1Databases: readD1Databases(section),
    ratelimits: readRatelimits(section),
    versionMetadata: readVersionMetadata(section),
  };
}

module.exports = { RESOURCE_KEYS, readResourceBindings };
