// readVariables: what is on `env` besides bindings: `vars`, `.dev.vars`, `.env` (S8.6).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { isTable } = require('./config-document');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('dotenv')} */
const dotenv = latePackage('dotenv');
/** @type {() => typeof import('dotenv-expand')} */
const dotenvExpand = latePackage('dotenv-expand');

/** @typedef {Record<string, string | undefined>} ProcessEnv */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @param {object} options
 * @param {string} options.directory where `.dev.vars` and `.env` are looked for
 * @param {string} [options.environment] name of the environment
 * @param {ProcessEnv} options.processEnv
 * @param {Record<string, unknown>} [options.overrides] from the command line; win over everything
 * @returns {{vars: Record<string, unknown>, files: string[], warnings: string[]}} `files`: those that were read
 * @throws {import('./config-error').ConfigError}
 */
function readVariables(section, { directory, environment, processEnv, overrides = {} }) {
  const vars = section.data.vars ?? {};
  if (!isTable(vars))
    throw section.error(
      ['vars'],
      `The field "vars" should be an object, but got ${JSON.stringify(vars)}.`,
    );
  const { values, files } = readSecrets(directory, environment, processEnv);
  const required = readRequired(section);
  const taken = Object.entries(values).filter(
    ([name]) => !required || required.includes(name) || Object.hasOwn(vars, name),
  );
  const all = { ...ordinary(vars), ...Object.fromEntries(taken), ...overrides };
  const missing = (required ?? []).filter((name) => !Object.hasOwn(all, name));
  const warnings = missing.length ? [`Missing required secrets: ${missing.join(', ')}.`] : [];
  return { vars: all, files, warnings };
}

/**
 * The value as the Worker gets it from JSON: objects of a config file may lack a prototype or be dates.
 * @param {Record<string, unknown>} vars
 * @returns {Record<string, unknown>}
 */
function ordinary(vars) {
  return JSON.parse(
    JSON.stringify(vars, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
  );
}

/** @param {InstanceType<typeof import('./environment').Section>} section */
function readRequired(section) {
  const { secrets } = section.data;
  if (secrets === undefined) return undefined;
  const required = isTable(secrets) ? (secrets.required ?? []) : undefined;
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) {
    return /** @type {string[]} */ (required);
  }
  throw section.error(
    ['secrets'],
    'The field "secrets" should be an object with "required", an array of strings.',
  );
}

/**
 * @param {string} directory
 * @param {string | undefined} environment
 * @param {ProcessEnv} processEnv
 * @returns {{values: Record<string, string>, files: string[]}}
 */
function readSecrets(directory, environment, processEnv) {
  const find = (/** @type {string[]} */ ...names) =>
    names.map((name) => path.join(directory, name)).filter((file) => fs.existsSync(file));
  const devVars = find(...(environment ? [`.dev.vars.${environment}`] : []), '.dev.vars');
  const inherited = processEnv.CLOUDFLARE_INCLUDE_PROCESS_ENV === 'true' ? defined(processEnv) : {};
  if (devVars.length) return { values: parse(devVars[0]), files: [devVars[0]] };
  if (processEnv.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV === 'false')
    return { values: {}, files: [] };
  const suffixes = environment ? [`.${environment}`, `.${environment}.local`] : [];
  const files = find('.env', '.env.local', ...suffixes.map((suffix) => `.env${suffix}`));
  if (files.length === 0) return { values: inherited, files };
  const parsed = Object.assign({}, ...files.map(parse));
  // expand() writes into `processEnv` and lets what is there win, so it gets a copy.
  const { parsed: expanded } = dotenvExpand().expand({ parsed, processEnv: { ...inherited } });
  return { values: { ...inherited, ...expanded }, files };
}

/** @param {string} file */
function parse(file) {
  return dotenv().parse(fs.readFileSync(file, 'utf8'));
}

/**
 * @param {ProcessEnv} env
 * @returns {Record<string, string>}
 */
function defined(env) {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

module.exports = { readVariables };
