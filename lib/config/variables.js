// readVariables: what is on `env` besides bindings: `vars`, `.dev.vars`, `.env`, secrets of the environment (S8.6).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { isTable } = require('./config-document');
const { ConfigError } = require('./config-error');
const { envFileNames, expandEnvFiles, parseEnvFile } = require('./env-files');

/** @typedef {import('./env-files').ProcessEnv} ProcessEnv */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @param {object} options
 * @param {string} options.directory where `.dev.vars` and `.env` are looked for
 * @param {string} [options.environment] name of the environment
 * @param {ProcessEnv} options.processEnv
 * @param {Record<string, unknown>} [options.overrides] from the command line; win over everything
 * @param {readonly string[]} [options.envFiles] of the command line, from `directory`; in place of `.dev.vars` and `.env`
 * @returns {{vars: Record<string, unknown>, files: string[], warnings: string[]}} `files`: those that were read
 * @throws {import('./config-error').ConfigError}
 */
function readVariables(section, { overrides = {}, ...options }) {
  const { vars, required } = checkVariables(section);
  const { values, files } = readSecrets({ ...options, hasRequired: required !== undefined });
  const taken = Object.entries(values).filter(
    ([name]) => !required || required.includes(name) || Object.hasOwn(vars, name),
  );
  const all = { ...ordinary(vars), ...Object.fromEntries(taken), ...overrides };
  const missing = (required ?? []).filter((name) => !Object.hasOwn(all, name));
  const warnings = missing.length ? [`Missing required secrets: ${missing.join(', ')}.`] : [];
  return { vars: all, files, warnings };
}

/**
 * What the config itself says of variables.
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {{vars: Record<string, unknown>, required?: string[]}}
 * @throws {import('./config-error').ConfigError}
 */
function checkVariables(section) {
  const { vars = {} } = section.data;
  if (!isTable(vars))
    throw section.error(
      ['vars'],
      `The field "vars" should be an object, but got ${JSON.stringify(vars)}.`,
    );
  for (const [name, value] of Object.entries(vars)) {
    if (value instanceof Date)
      throw section.error(
        ['vars', name],
        `"vars.${name}" is a date of TOML, which no variable can be. Write it as a string: "${value.toISOString()}".`,
      );
  }
  return { vars, required: readRequired(section) };
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
  const { required = [] } = isTable(secrets) ? secrets : { required: null };
  if (Array.isArray(required) && required.every((name) => typeof name === 'string')) {
    return /** @type {string[]} */ (required);
  }
  throw section.error(
    ['secrets'],
    'The field "secrets" should be an object with "required", an array of strings.',
  );
}

/**
 * @param {object} options as those of readVariables()
 * @param {string} options.directory
 * @param {string} [options.environment]
 * @param {ProcessEnv} options.processEnv
 * @param {readonly string[]} [options.envFiles]
 * @param {boolean} options.hasRequired the config says which secrets there are: the environment may have them (S8.6.4)
 * @returns {{values: Record<string, string>, files: string[]}}
 */
function readSecrets({ directory, environment, processEnv, envFiles = [], hasRequired }) {
  const inDirectory = (/** @type {string} */ name) => path.resolve(directory, name);
  const find = (/** @type {string[]} */ ...names) =>
    names.map(inDirectory).filter((file) => fs.existsSync(file));
  if (envFiles.length === 0) {
    const devVars = find(...(environment ? [`.dev.vars.${environment}`] : []), '.dev.vars');
    if (devVars.length) return { values: parseEnvFile(devVars[0]), files: [devVars[0]] };
  }
  if (processEnv.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV === 'false')
    return { values: {}, files: [] };
  const files = envFiles.length ? envFiles.map(inDirectory) : find(...envFileNames(environment));
  const missing = files.find((file) => !fs.existsSync(file));
  if (missing) throw new ConfigError('does not exist; --env-file named it.', { file: missing });
  const isIncluded = hasRequired || processEnv.CLOUDFLARE_INCLUDE_PROCESS_ENV === 'true';
  return { values: expandEnvFiles(files, isIncluded ? defined(processEnv) : {}), files };
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

module.exports = { checkVariables, readVariables };
