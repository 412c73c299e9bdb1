// The format of `.env` files (S8.6.3), and which there are.
'use strict';

const fs = require('node:fs');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('dotenv')} */
const dotenv = latePackage('dotenv');
/** @type {() => typeof import('dotenv-expand')} */
const dotenvExpand = latePackage('dotenv-expand');

/** @typedef {Record<string, string | undefined>} ProcessEnv */

/**
 * @param {string} [environment] of the config
 * @returns {string[]} names of the files that are looked for; later ones win (S8.6.1)
 */
function envFileNames(environment) {
  const suffixes = environment ? [`.${environment}`, `.${environment}.local`] : [];
  return ['', '.local', ...suffixes].map((suffix) => `.env${suffix}`);
}

/** @param {string} file @returns {Record<string, string>} */
function parseEnvFile(file) {
  return dotenv().parse(fs.readFileSync(file, 'utf8'));
}

/**
 * @param {readonly string[]} files later ones win over earlier ones
 * @param {Record<string, string>} inherited wins over all of them
 * @returns {Record<string, string>} `inherited` and what the files have, with what `${NAME}` in them stands for
 */
function expandEnvFiles(files, inherited) {
  if (files.length === 0) return inherited;
  const parsed = Object.assign({}, ...files.map(parseEnvFile));
  // expand() writes into `processEnv` and lets what is there win, so it gets a copy.
  const { parsed: expanded } = dotenvExpand().expand({ parsed, processEnv: { ...inherited } });
  return { ...inherited, ...expanded };
}

module.exports = { envFileNames, expandEnvFiles, parseEnvFile };
