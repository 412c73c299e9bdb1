// selectEnvironment: the config of one environment, `env.<name>` laid over the top level (S8.1.3).
'use strict';

const { isTable } = require('./config-document');
const { hasScope } = require('./key-table');

/** @typedef {import('./config-document').KeyPath} KeyPath */

/** The keys that hold for one environment, each still knowing where it came from. */
class Section {
  /** What follows the `name` that is in `data`: the environment, unless that has a name of its own. */
  nameSuffix = '';
  /** @type {Map<string, KeyPath>} */
  #origins = new Map();

  /** @param {InstanceType<typeof import('./config-document').ConfigDocument>} document */
  constructor(document) {
    this.document = document;
    /** @type {import('./config-document').Table} */
    this.data = {};
  }

  /**
   * @param {string} key
   * @param {unknown} value
   * @param {KeyPath} origin where it stands in the file
   */
  set(key, value, origin) {
    this.data[key] = value;
    this.#origins.set(key, origin);
  }

  /**
   * @param {KeyPath} path starting with a key of this section
   * @param {string} problem
   * @returns {InstanceType<typeof import('./config-error').ConfigError>}
   */
  error(path, problem) {
    const [key, ...rest] = path;
    const origin = this.#origins.get(String(key)) ?? [key];
    return this.document.error([...origin, ...rest], problem);
  }
}

/**
 * @param {InstanceType<typeof import('./config-document').ConfigDocument>} document
 * @param {string | undefined} name
 * @returns {{section: Section, warnings: string[]}}
 * @throws {ConfigError} there is no such environment
 */
function selectEnvironment(document, name) {
  const { data } = document;
  const section = new Section(document);
  const overlay = name ? environmentTable(document, name) : {};
  if (overlay === undefined) return topLevelAs(document, /** @type {string} */ (name));
  const forgotten = [];
  const misplaced = [];
  for (const [key, value] of Object.entries(data)) {
    if (name && hasScope(key, 'own')) {
      if (!(key in overlay)) forgotten.push(key);
    } else if (key !== 'env') {
      section.set(key, value, [key]);
    }
  }
  for (const [key, value] of Object.entries(overlay)) {
    if (hasScope(key, 'top')) misplaced.push(key);
    else section.set(key, value, ['env', /** @type {string} */ (name), key]);
  }
  if (name && !('name' in overlay)) section.nameSuffix = `-${name}`;
  const warnings = [];
  if (forgotten.length) {
    warnings.push(
      `"env.${name}" does not inherit ${list(forgotten)} from the top level; repeat what it needs.`,
    );
  }
  if (misplaced.length) {
    warnings.push(
      `"env.${name}" cannot set ${list(misplaced)}: that is possible at the top level only.`,
    );
  }
  return { section, warnings };
}

/**
 * A file without environments: its top level runs under the name of the one that was asked for.
 * @param {InstanceType<typeof import('./config-document').ConfigDocument>} document
 * @param {string} name
 * @returns {{section: Section, warnings: string[]}}
 */
function topLevelAs(document, name) {
  const { section } = selectEnvironment(document, undefined);
  section.nameSuffix = `-${name}`;
  const warnings = [`There is no environment "${name}", nor any other one; the top level is used.`];
  return { section, warnings };
}

/**
 * @param {InstanceType<typeof import('./config-document').ConfigDocument>} document
 * @param {string} name
 * @returns {import('./config-document').Table | undefined} undefined: the file has no environments at all
 */
function environmentTable(document, name) {
  const { env: all } = document.data;
  if (!all) return undefined;
  if (!isTable(all)) throw document.error(['env'], '"env" should be an object.');
  const table = Object.hasOwn(all, name) ? all[name] : undefined;
  if (table === undefined) {
    const names = Object.keys(all);
    const hint = names.length ? `it has ${list(names)}` : 'it has none';
    throw document.error(['env'], `No environment named "${name}": ${hint}.`);
  }
  if (!isTable(table)) throw document.error(['env', name], `"env.${name}" should be an object.`);
  return table;
}

/** @param {string[]} names */
function list(names) {
  return names.map((name) => `"${name}"`).join(', ');
}

module.exports = { Section, selectEnvironment };
