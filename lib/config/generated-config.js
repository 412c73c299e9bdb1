// Configs that a build tool made of a project's own (`@cloudflare/vite-plugin`, Nitro): a redirect file leads to them, and they lie in
// a directory that the next build empties.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * @typedef {object} Redirect what led to the config
 * @property {string} directory of the project, in which `.wrangler/deploy/config.json` is
 * @property {string[]} auxiliary config files of the Workers that were built along with it
 * @property {string} [own] the project's own config file, if it is there
 */

/** What tools add for wrangler, and the defaults that they fill in: nobody wrote these. */
const FILLED_IN = new Set([
  ...['configPath', 'userConfigPath', 'topLevelName', 'definedEnvironments', 'targetEnvironment'],
  ...['legacy_env', 'upload_source_maps', 'python_modules', 'send_metrics', 'keep_vars'],
]);

/** @param {import('./config-document').Table} data @returns {boolean} by what only tools write */
const isGenerated = (data) =>
  typeof data.userConfigPath === 'string' || Array.isArray(data.definedEnvironments);

/** @param {string} key of a generated config, or `outer.inner` @returns {boolean} whether it is there without anybody's doing */
const isFilledIn = (key) => FILLED_IN.has(key) || key.startsWith('dev.');

/**
 * Where the data directory is by default: what is beside a generated config is gone after the next build.
 * @param {string} file the config
 * @param {import('./config-document').Table} data
 * @param {Redirect} [redirect]
 * @returns {string}
 */
function dataParentOf(file, { userConfigPath }, redirect) {
  // A build that was copied to another machine names a file that is not there.
  if (typeof userConfigPath === 'string' && fs.existsSync(userConfigPath))
    return path.dirname(userConfigPath);
  return redirect?.directory ?? path.dirname(file);
}

/**
 * S8.1.3: a generated config is that of one environment and has no others.
 * @param {InstanceType<typeof import('./config-document').ConfigDocument>} document
 * @param {string | undefined} environment that was asked for
 * @throws {import('./config-error').ConfigError} it was built for another one
 */
function checkTarget(document, environment) {
  const { targetEnvironment } = document.data;
  if (!environment || typeof targetEnvironment !== 'string' || targetEnvironment === environment)
    return;
  throw document.error(
    ['targetEnvironment'],
    `The environment "${environment}" was asked for, but this was built for "${targetEnvironment}". Build it for "${environment}".`,
  );
}

module.exports = { checkTarget, dataParentOf, isFilledIn, isGenerated };
