// findConfig: which config file belongs to a directory (S8.1.1).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { readConfigDocument } = require('./config-document');
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
 * Looks from a directory upwards, as wrangler does: for each name as far as the root before it looks for the next one.
 *
 * A redirect wins over the config file beside it, as it points to what a build tool made of that file.
 * @param {string} directory
 * @returns {FoundConfig | undefined}
 * @throws {ConfigError} a redirect file is broken, points to nothing, or is not beside the config file
 */
function findConfig(directory) {
  const redirect = findAbove(directory, REDIRECT_NAME);
  const own = CONFIG_NAMES.map((name) => findAbove(directory, name)).find(Boolean);
  if (redirect) return followRedirect(redirect.file, redirect.directory, own);
  return own && { file: own.file };
}

/** @param {string} directory @param {string} name @returns {{file: string, directory: string} | undefined} */
function findAbove(directory, name) {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    const file = path.join(at, name);
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return { file, directory: at };
    if (at === path.dirname(at)) return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} directory of the project
 * @param {{file: string, directory: string}} [own] the config file that was found without it
 * @returns {FoundConfig}
 */
function followRedirect(file, directory, own) {
  const { configPath, auxiliaryWorkers = [] } = /** @type {any} */ (readConfigDocument(file).data);
  if (own && own.directory !== directory) {
    throw new ConfigError(
      `is not beside ${own.file}, so it is not clear which of the two is meant. Delete it if it is left over from a build.`,
      { file },
    );
  }
  const targetOf = (/** @type {unknown} */ target) => resolveTarget(file, target);
  const auxiliary = [auxiliaryWorkers].flat().map((worker) => targetOf(worker?.configPath));
  return { file: targetOf(configPath), redirect: { directory, auxiliary, own: own?.file } };
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
