// completeProcessEnv: what `.env` files of the current directory add to the environment of the process, as in wrangler: they may choose
// the environment of the config, set the switches of S8.6.2, and have what build commands and packages that Node loads ask for.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { envFileNames, expandEnvFiles } = require('../config/env-files');

/**
 * @param {NodeJS.ProcessEnv} processEnv gets what it lacks; what it has stays
 * @param {object} options
 * @param {string} options.directory
 * @param {string} [options.env] of the command line
 * @param {readonly string[]} [options.envFile] in place of `.env` and the like
 */
function completeProcessEnv(processEnv, { directory, env, envFile }) {
  const files = (envFile ?? envFileNames(env))
    .map((name) => path.resolve(directory, name))
    .filter((file) => fs.existsSync(file));
  if (files.length === 0) return;
  Object.assign(
    processEnv,
    expandEnvFiles(files, /** @type {Record<string, string>} */ (processEnv)),
  );
}

module.exports = { completeProcessEnv };
