'use strict';
// What createTestHarness() is given for a Worker, as a configuration, and its routes as functions.

const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { ConfigDocument, readConfigDocument } = require('../../config/config-document');
const { configFromData, loadConfig } = require('../../config/load-config');

/** @typedef {import('../../config/load-config').ResolvedConfig} ResolvedConfig */
/** @typedef {{config: ResolvedConfig, data: Record<string, any>}} WorkerInput `data`: the keys as they are written */

/**
 * @param {any} given `{configPath, env, vars, secrets, bindingOverrides}` or `{config}`
 * @param {string} root what relative paths start from
 * @returns {WorkerInput}
 */
function resolveWorker(given, root) {
  if (given.prebuiltWorkerDir !== undefined)
    throw new Error(
      'prebuiltWorkerDir is not supported by Holdfast: give the source, or the built Worker as its main.',
    );
  if (given.config !== undefined) {
    const file = path.join(root, 'wrangler.json');
    const document = new ConfigDocument(file, given.config, () => ({}));
    return { config: configFromData(document, file, {}), data: given.config };
  }
  const { configPath, env, vars, secrets, bindingOverrides = {} } = given;
  const isUrl = configPath instanceof URL || configPath.startsWith('file:');
  const file = path.resolve(root, isUrl ? fileURLToPath(configPath) : configPath);
  const config = loadConfig(file, { env, vars: { ...vars, ...secrets } });
  for (const binding of config.serviceBindings)
    if (binding.name in bindingOverrides) binding.service = bindingOverrides[binding.name];
  const { data } = readConfigDocument(file);
  const own = /** @type {any} */ (data.env)?.[config.environment ?? ''] ?? {};
  return { config, data: { ...data, ...own } };
}

/** @param {WorkerInput} input @returns {((url: URL) => boolean)[]} whether a request is for the Worker */
function routesOf({ data: { route, routes } }) {
  return [route, routes]
    .flat()
    .filter((one) => one !== undefined)
    .map((one) => matcher(typeof one === 'string' ? one : one.pattern));
}

/** @param {WorkerInput} input @param {string} name of a D1 binding @returns {string} */
function migrationsOf({ data, config }, name) {
  const databases = data.d1_databases ?? [];
  const found = databases.find((/** @type {any} */ { binding }) => binding === name);
  if (found === undefined) throw new Error(`There is no D1 database ${name} on env.`);
  return path.resolve(config.projectDir, found.migrations_dir ?? 'migrations');
}

/** `example.com/api/*`, `*.example.com/*`. @param {string} pattern @returns {(url: URL) => boolean} */
function matcher(pattern) {
  const [, host, rest = ''] = /** @type {RegExpExecArray} */ (
    /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(pattern)
  );
  const source = (/** @type {string} */ glob) =>
    glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const hostPattern = new RegExp(`^${source(host)}$`);
  const pathPattern = new RegExp(`^${source(rest || '/')}$`);
  return ({ hostname, pathname }) => hostPattern.test(hostname) && pathPattern.test(pathname);
}

module.exports = { migrationsOf, resolveWorker, routesOf };
