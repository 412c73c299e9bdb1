// readBuildSettings: how a config wants its Worker built, checked (S8.2).
'use strict';

const path = require('node:path');
const { isTable } = require('./config-document');
const { readModuleRules } = require('./module-rules');

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/**
 * @typedef {object} BuildSettings
 * @property {string} [command] Run by a shell before bundling.
 * @property {string} cwd
 * @property {string[]} watchDirs A change there runs the command again.
 * @property {string} [tsconfig]
 * @property {string} [jsxFactory]
 * @property {string} [jsxFragment]
 * @property {boolean} keepNames
 * @property {boolean} findAdditionalModules Modules that the rules name can be imported although no import names them.
 * @property {string} [baseDir] Where those are looked for; the directory of the entry module by default.
 * @property {Record<string, string>} define
 * @property {Record<string, string>} alias
 * @property {import('./module-rules').ModuleRule[]} rules
 */

/** wrangler's, relative to the config. */
const WATCH_DIR = 'src';

/**
 * @param {Section} section
 * @param {string} projectDir
 * @param {{define?: Record<string, string>, alias?: Record<string, string>}} [given] win over the config's
 * @returns {BuildSettings}
 */
function readBuildSettings(section, projectDir, { define = {}, alias = {} } = {}) {
  const { build = {} } = section.data;
  if (!isTable(build)) throw section.error(['build'], 'The field "build" should be an object.');
  const text = (/** @type {string} */ key) => optionalString(section, [key], section.data[key]);
  const command = optionalString(section, ['build', 'command'], build.command);
  const watched = watchDirs(section, build.watch_dir, projectDir);
  const isOn = (/** @type {string} */ key, byDefault = false) =>
    optionalBoolean(section, key, byDefault);
  // Everything is bundled; the key may be there all the same.
  isOn('no_bundle');
  return {
    command,
    cwd: path.resolve(projectDir, optionalString(section, ['build', 'cwd'], build.cwd) ?? '.'),
    watchDirs: command ? watched : [],
    tsconfig: resolveOptional(projectDir, text('tsconfig')),
    jsxFactory: text('jsx_factory'),
    jsxFragment: text('jsx_fragment'),
    keepNames: isOn('keep_names', true),
    findAdditionalModules: isOn('find_additional_modules'),
    baseDir: resolveOptional(projectDir, text('base_dir')),
    define: { ...stringTable(section, 'define'), ...define },
    alias: { ...stringTable(section, 'alias'), ...alias },
    rules: readModuleRules(section),
  };
}

/**
 * @param {Section} section
 * @param {unknown} value
 * @param {string} projectDir
 */
function watchDirs(section, value = WATCH_DIR, projectDir) {
  const all = Array.isArray(value) ? value : [value];
  if (all.every((entry) => typeof entry === 'string'))
    return all.map((entry) => path.resolve(projectDir, entry));
  throw section.error(
    ['build', 'watch_dir'],
    '"build.watch_dir" should be a string or an array of strings.',
  );
}

/** @param {string} directory @param {string | undefined} file */
function resolveOptional(directory, file) {
  return file === undefined ? undefined : path.resolve(directory, file);
}

/**
 * @param {Section} section
 * @param {string[]} keyPath
 * @param {unknown} value
 */
function optionalString(section, keyPath, value) {
  if (value === undefined || typeof value === 'string') return value;
  throw section.error(
    keyPath,
    `"${keyPath.join('.')}" should be a string, but got ${JSON.stringify(value)}.`,
  );
}

/** @param {Section} section @param {string} key @param {boolean} byDefault @returns {boolean} */
function optionalBoolean(section, key, byDefault) {
  const { [key]: value = byDefault } = section.data;
  if (typeof value === 'boolean') return value;
  throw section.error(
    [key],
    `Expected "${key}" to be of type boolean but got ${JSON.stringify(value)}.`,
  );
}

/** @param {Section} section @param {string} key @returns {Record<string, string>} */
function stringTable(section, key) {
  const { [key]: value = {} } = section.data;
  if (isTable(value) && Object.values(value).every((item) => typeof item === 'string')) {
    return /** @type {Record<string, string>} */ (value);
  }
  throw section.error([key], `The field "${key}" should be an object of strings.`);
}

module.exports = { optionalString, readBuildSettings };
