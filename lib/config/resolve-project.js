// resolveProject: what the user means by a project: a directory, a config file, or an entry file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ConfigError } = require('./config-error');
const { CONFIG_NAMES, findConfig } = require('./find-config');
const { configForEntry, loadConfig } = require('./load-config');

/** How the text begins that wrangler puts beside what it built. */
const BUILT = 'This folder contains the built output assets for the worker';

/** @typedef {import('./load-config').ResolvedConfig} ResolvedConfig */

/**
 * @typedef {object} ProjectOptions
 * @property {string} [project] Directory, config file or entry file; the current directory by default.
 * @property {string} [config] Config file; `project` can then only say where the entry file is.
 * @property {string} [env]
 * @property {string} [name]
 * @property {Record<string, unknown>} [vars]
 * @property {Record<string, string>} [define]
 * @property {Record<string, string>} [alias]
 * @property {string} [compatibility_date]
 * @property {readonly string[]} [compatibility_flags]
 * @property {readonly string[]} [envFiles]
 * @property {Record<string, unknown>} [bindings]
 * @property {NodeJS.ProcessEnv} [processEnv]
 */

/**
 * A directory is searched for a config upwards; what wrangler built in one is its entry file. So is that of an entry file: the config found is used with the file as
 * its `main`; without one the file stands alone (see configForEntry).
 * @param {ProjectOptions} options
 * @returns {ResolvedConfig}
 * @throws {ConfigError}
 */
function resolveProject({ project, config, ...options }) {
  const named = path.resolve(project ?? '.');
  const target = builtEntry(named) ?? named;
  const kind = kindOf(target);
  if (config !== undefined) {
    return loadConfig(config, { ...options, ...(kind === 'entry' ? { main: target } : {}) });
  }
  if (kind === 'config') return loadConfig(target, options);
  const found = findConfig(kind === 'entry' ? path.dirname(target) : target);
  if (kind === 'entry') {
    if (found)
      return loadConfig(found.file, { ...options, redirect: found.redirect, main: target });
    if (options.env)
      throw new ConfigError(`has no config, so there is no environment "${options.env}".`, {
        file: target,
      });
    return configForEntry(target, options);
  }
  if (!found)
    throw new ConfigError(`There is no ${CONFIG_NAMES.join(', ')} in ${target} or above it.`);
  return loadConfig(found.file, { ...options, redirect: found.redirect });
}

/**
 * `wrangler deploy --dry-run --outdir` leaves a directory without a config: its entry module belongs to the config above it.
 * @param {string} directory
 * @returns {string | undefined}
 */
function builtEntry(directory) {
  const readme = path.join(directory, 'README.md');
  if (!fs.existsSync(readme) || !fs.readFileSync(readme, 'utf8').startsWith(BUILT))
    return undefined;
  const modules = fs.readdirSync(directory).filter((name) => /\.m?js$/.test(name));
  // Modules that are attached beside the entry have names that start with a hash.
  const entries = modules.filter((name) => !/^[0-9a-f]{40}-/.test(name));
  return entries.length === 1 ? path.join(directory, entries[0]) : undefined;
}

/**
 * @param {string} target
 * @returns {'directory' | 'config' | 'entry'}
 */
function kindOf(target) {
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new ConfigError(`There is no file or directory ${target}.`);
  if (stat.isDirectory()) return 'directory';
  return /\.(toml|jsonc?)$/.test(target) ? 'config' : 'entry';
}

module.exports = { resolveProject };
