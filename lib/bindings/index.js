'use strict';
// bindResources: puts KV namespaces and their like on a Worker's env (spec S8.7).

const { randomUUID } = require('node:crypto');
const { storeOf } = require('./store');
const { bindCrons } = require('./cron');
const { D1Database } = require('./d1/d1-database');
const { D1Store } = require('./d1/d1-store');
const { KvStore } = require('./kv/kv-store');
const { makeKvNamespace } = require('./kv/kv-namespace');
const { bindQueues } = require('./queue');
const { readFileBinding } = require('./file-binding');
const { makeR2Bucket } = require('./r2/r2-bucket');
const { R2Store } = require('./r2/r2-store');
const { SITE_BINDING } = require('./site/site-keys');
const { SiteFiles } = require('./site/site-files');
const { makeSecret } = require('./secrets/secret');
const { bindSendEmail } = require('../mail/send-email');
const { Ratelimit, Windows } = require('./ratelimit/ratelimit');

/**
 * What calls a Worker by itself: its cron triggers and the queues that it consumes.
 * @typedef {object} Callers
 * @property {() => Promise<void>} begin to be called when the shard has started: from then on they call it, before the promise settles
 * @property {() => void} end they call it no longer
 */

/**
 * Before the shard starts, or in one that runs: stores are namespaces of it.
 * @param {import('../shard').Shard} shard
 * @param {import('../workers/worker').Worker} worker
 * @param {import('../config/bindings').ResourceBindings} resources
 * @returns {Callers}
 */
function bindResources(shard, worker, resources) {
  const { env } = worker;
  const { kvNamespaces, d1Databases, r2Buckets, ratelimits, secrets } = resources;
  const { site, files, versionMetadata } = resources;
  const callOf = (
    /** @type {string} */ kind,
    /** @type {Function} */ Class,
    /** @type {string} */ id,
  ) => {
    const store = storeOf(shard, kind, Class);
    return (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
      store.call(id, method, ...args);
  };
  for (const { name, id } of kvNamespaces) env[name] = makeKvNamespace(callOf('kv', KvStore, id));
  for (const { name, id } of d1Databases) env[name] = new D1Database(callOf('d1', D1Store, id));
  for (const { name, id } of r2Buckets)
    env[name] = makeR2Bucket(callOf('r2', R2Store, id), worker.flags);
  for (const { name, store, secret } of secrets)
    env[name] = makeSecret(makeKvNamespace(callOf('secrets', KvStore, store)), secret);
  if (site !== undefined) {
    const siteFiles = new SiteFiles(site);
    env[SITE_BINDING] = makeKvNamespace((method, ...args) => siteFiles.call(method, ...args));
    worker.siteManifest = siteFiles.manifest();
  }
  bindSendEmail(shard.outbox, worker, resources.sendEmail);
  for (const binding of files) env[binding.name] = readFileBinding(binding);
  /** @type {Map<string, Windows>} by namespace */
  const windows = new Map();
  for (const { name, namespace, limit, period } of ratelimits) {
    const shared = windows.get(namespace) ?? new Windows();
    windows.set(namespace, shared);
    env[name] = new Ratelimit(shared, limit, period);
  }
  worker.rateWindows = [...windows.values()];
  if (versionMetadata !== undefined) {
    const timestamp = new Date().toISOString();
    env[versionMetadata] = { id: randomUUID(), tag: '', timestamp };
  }
  const callers = [
    bindCrons(shard, worker, resources.crons),
    bindQueues(shard, worker, resources.queues),
  ];
  return joined(callers);
}

/** @param {Callers[]} all @returns {Callers} */
function joined(all) {
  return {
    begin: async () => void (await Promise.all(all.map((callers) => callers.begin()))),
    end: () => all.forEach((callers) => callers.end()),
  };
}

module.exports = { bindResources, joined };
