// readResourceBindings: the bindings of a config that Holdfast has besides Durable Objects and services (S8.7).
'use strict';

const { readCrons } = require('./crons');
const { readD1Databases } = require('./d1-databases');
const { readFileBindings } = require('./file-bindings');
const { readKvNamespaces } = require('./kv-namespaces');
const { readQueues } = require('./queues');
const { readR2Buckets } = require('./r2-buckets');
const { readRatelimits } = require('./ratelimits');
const { readSecrets } = require('./secrets');
const { readSendEmail } = require('./send-email');
const { readSite } = require('./site');
const { readVersionMetadata } = require('./version-metadata');

/**
 * @typedef {object} Bindings
 * @property {import('./kv-namespaces').KvNamespaceBinding[]} kvNamespaces
 * @property {import('./d1-databases').D1Binding[]} d1Databases
 * @property {import('./r2-buckets').R2Binding[]} r2Buckets
 * @property {import('./ratelimits').RatelimitBinding[]} ratelimits
 * @property {import('./secrets').SecretBinding[]} secrets
 * @property {import('./queues').QueueSettings} queues
 * @property {import('./send-email').SendEmailBinding[]} sendEmail
 * @property {import('./site').SiteSettings} [site]
 * @property {import('./file-bindings').FileBinding[]} files
 * @property {string} [versionMetadata] the property of `env`
 *
 * @typedef {Bindings & {crons: string[]}} ResourceBindings `crons`: when the `scheduled` handler is called
 */

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} projectDir where relative paths start
 * @returns {ResourceBindings}
 * @throws {import('../config-error').ConfigError}
 */
function readResourceBindings(section, projectDir) {
  return { ...readBindings(section, projectDir), crons: readCrons(section) };
}

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} projectDir where relative paths start
 * @returns {Bindings}
 * @throws {import('../config-error').ConfigError}
 */
function readBindings(section, projectDir) {
  return {
    kvNamespaces: readKvNamespaces(section),
    d1Databases: readD1Databases(section),
    r2Buckets: readR2Buckets(section),
    ratelimits: readRatelimits(section),
    secrets: readSecrets(section),
    queues: readQueues(section),
    sendEmail: readSendEmail(section),
    site: readSite(section, projectDir),
    files: readFileBindings(section, projectDir),
    versionMetadata: readVersionMetadata(section),
  };
}

module.exports = { readBindings, readResourceBindings };
