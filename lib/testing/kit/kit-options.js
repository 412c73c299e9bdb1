'use strict';
// kitOptions: from the options of a test environment to the project that is tested. The names are those of jest-environment-miniflare
// (spec S10.3.1) and of the Vitest kits (S10.1.1), and a few of its own.

const fs = require('node:fs');
const path = require('node:path');
const { findConfig } = require('../../config/find-config');
const { configFromData } = require('../../config/load-config');
const { ConfigDocument, readConfigDocument } = require('../../config/config-document');
const { ignoredOptions, translateMiniflare } = require('../miniflare/miniflare-options');

/** @typedef {import('../../config/load-config').ResolvedConfig} ResolvedConfig */
/** @typedef {ResolvedConfig} OtherWorker its values for `env` are among its `vars` */

/**
 * @typedef {object} KitOptions
 * @property {ResolvedConfig} resolved
 * @property {Record<string, unknown>} bindings on `env` as they are
 * @property {Record<string, unknown>} globals
 * @property {OtherWorker[]} others Workers that run beside it
 * @property {boolean} isolatedStorage whether each test and `describe` starts from what was there before
 * @property {'warn' | 'error' | 'ignore'} pending what happens when a test leaves something under way
 */

/** @type {Map<string, {options: KitOptions, stamp: string}>} */
const known = new Map();
/** @type {Map<string, KitOptions>} by root directory */
const latest = new Map();

/**
 * @param {Record<string, any>} given
 * @param {string} rootDir what relative paths start from
 * @returns {KitOptions} the same object as long as the files are the same
 * @throws {import('../../config/config-error').ConfigError | TypeError}
 */
function kitOptions(given, rootDir) {
  const key = JSON.stringify([rootDir, given], (_name, value) =>
    typeof value === 'function' ? String(value) : value,
  );
  const before = known.get(key);
  if (before !== undefined && before.stamp === stampOf(before.options.resolved.files))
    return before.options;
  const options = read(given, rootDir);
  known.set(key, { options, stamp: stampOf(options.resolved.files) });
  latest.set(rootDir, options);
  return options;
}

/** Those that were asked for last. @param {string} rootDir */
const latestOptions = (rootDir) => latest.get(rootDir);

/** @param {string[]} files */
function stampOf(files) {
  return files.map((file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs).join();
}

/** @param {Record<string, any>} given @param {string} rootDir @returns {KitOptions} */
function read(given, rootDir) {
  const { wrangler = {}, miniflare = {}, main, ...rest } = given;
  const { isolatedStorage = true, environment = wrangler.environment, ...others } = rest;
  // Without isolation it goes on, and the next test may want it.
  const { pending = isolatedStorage ? 'warn' : 'ignore', ...flat } = others;
  if (!['warn', 'error', 'ignore'].includes(pending))
    throw new TypeError(
      `pending is 'warn', 'error' or 'ignore', and not ${JSON.stringify(pending)}.`,
    );
  const options = { ...ignoredOptions(flat), ...miniflare };
  const file = configFile({ ...options, ...wrangler }, rootDir);
  const document = file ? readConfigDocument(file) : undefined;
  const translated = translateMiniflare(options, document?.data ?? {}, rootDir);
  const data = { ...document?.data, ...translated.data };
  const at = file ?? path.join(rootDir, 'wrangler.json');
  const merged = new ConfigDocument(at, data, (keys) => {
    const place = document?.error(keys, '');
    return { line: /** @type {any} */ (place)?.line };
  });
  const env = environment ?? options.wranglerConfigEnv;
  const entry = main ?? translated.main;
  const resolved = configFromData(merged, at, {
    ...(env === undefined ? {} : { env }),
    ...(entry === undefined ? {} : { main: path.resolve(rootDir, entry) }),
    bindings: translated.bindings,
  });
  if (file === undefined) resolved.files = resolved.files.filter((one) => one !== at);
  return {
    resolved,
    bindings: translated.bindings,
    globals: translated.globals,
    others: (options.workers ?? []).map((/** @type {any} */ one) => otherWorker(one, rootDir)),
    isolatedStorage,
    pending,
  };
}

/**
 * A Worker beside the one that is tested: its code is bundled from its entry file.
 * @param {Record<string, any>} options of Miniflare
 * @param {string} rootDir
 * @returns {OtherWorker}
 */
function otherWorker(options, rootDir) {
  const { name, modules, scriptPath = modules?.[0]?.path } = options;
  if (typeof name !== 'string' || typeof scriptPath !== 'string')
    throw new TypeError(
      'Each of miniflare.workers needs a name, and a scriptPath or modules with a path.',
    );
  const root = path.resolve(rootDir, options.rootPath ?? '.');
  const known = ignoredOptions({ ...options, scriptPath });
  const { data, bindings } = translateMiniflare(known, {}, rootDir);
  const at = path.join(rootDir, `${name}.wrangler.json`);
  const resolved = configFromData(new ConfigDocument(at, { name, ...data }, () => ({})), at, {
    main: path.resolve(root, scriptPath),
  });
  return { ...resolved, vars: { ...resolved.vars, ...bindings }, files: [] };
}

/** @param {Record<string, any>} options @param {string} rootDir @returns {string | undefined} */
function configFile({ configPath, wranglerConfigPath = configPath }, rootDir) {
  if (wranglerConfigPath === false) return undefined;
  if (typeof wranglerConfigPath === 'string') return path.resolve(rootDir, wranglerConfigPath);
  return findConfig(rootDir)?.file;
}

module.exports = { kitOptions, latestOptions };
