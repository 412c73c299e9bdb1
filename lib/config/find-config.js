// findConfig: which config file belongs to a directory (S8.1.1).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ConfigError } = require('./config-error');

/** In order of precedence. */
const CONFIG_NAMES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
/** Written by build tools: says where the config they generated is. */
const REDIRECT_NAME = path.join('.wrangler', 'deploy', 'config.json');

/**
 * @typedef {object} FoundConfig
 * @property {string} file absolute path
 * @property {import('./generated-config').Redirect} [redirect] absent: it is the project's own
 */

/**
 * Looks from a directory upwards.
 *
 * The first directory that has a config file or a redirect file ends the search; a redirect wins over a config file
 * beside it, as it points to what a build tool made of that file.
 * @param {string} directory
 * @returns {FoundConfig | undefined}
 * @throws {ConfigError} a redirect file is broken or points to nothing
 */
function findConfig(directory) {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    const redirect = path.join(at, REDIRECT_NAME);
    if (fs.existsSync(redirect)) return followRedirect(redirect, at);
    const name = CONFIG_NAMES.find((candidate) => fs.existsSync(path.join(at, candidate)));
    if (name) return { file: path.join(at, name) };
    if (at === path.dirname(at)) return undefined;
  }
}

/** @param {string} file @param {string} directory of the project @returns {FoundConfig} */
function followRedirect(file, directory) {
  /** @type {any} */
  let redirect;
  try {
    redirect = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`cannot be read: ${/** @type {Error} */ (error).message}`, { file });
  }
  const { configPath, auxiliaryWorkers = [] } = redirect ?? {};
  const targetOf = (/** @type {unknown} */ target) => resolveTarget(file, target);
  const auxiliary = [auxiliaryWorkers].flat().map((worker) => targetOf(worker?.configPath));
  return { file: targetOf(configPath), redirect: { directory, auxiliary } };
}

/** @param {string} file the redirect file @param {unknown} target as it stands there */
function resolveTarget(file, target) {
  if (typeof target !== 'string') {
    throw new ConfigError('should have a string "configPath" field.', { file });
  }
  const resolved = path.resolve(path.dirname(file), target);
  if (!fs.existsSync(resolved)) {
    throw new ConfigError(`points to ${resolved}, which does not exist.`, { file });
  }
  return resolved;
}

module.exports = { CONFIG_NAMES, findConfig };
