// What a bundle was made of, and whether all of that is still the same (docs/decisions/0020-fast-start.md).
//
// The same: the content of every source file, of each package.json and tsconfig.json that says how names are resolved, and the names in
// every directory in which a new file could have been found in place of another. Contents and names are compared, not times, so that
// a copy, a checkout or an unpacked archive of the same project is the same.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** Files of which the nearest above a source file says how it is compiled and what its imports name. */
const RESOLUTION_FILES = ['package.json', 'tsconfig.json', 'jsconfig.json', '.pnp.cjs', '.pnp.data.json'];
/** In these a start writes by itself. */
const OWN_DIRECTORIES = new Set(['.holdfast', '.wrangler', '.git']);
/** How coarse the times of files are: those of some file systems are whole seconds. */
const TIME_MS = 20;
const WHOLE_SECONDS_MS = 2000;

/**
 * @typedef {object} Sources absolute paths
 * @property {string[]} files
 * @property {string[]} directories
 */

/**
 * @param {readonly string[]} inputs absolute paths of files
 * @param {string} projectDir
 * @returns {Sources} with what decided that these were the files
 */
function sourcesOf(inputs, projectDir) {
  /** @type {Set<string>} */
  const directories = new Set([projectDir]);
  for (const file of inputs) {
    const directory = path.dirname(file);
    directories.add(directory);
    // `./part` may be part.ts or part/index.ts.
    if (!`${projectDir}${path.sep}`.startsWith(`${directory}${path.sep}`))
      directories.add(path.dirname(directory));
  }
  const files = new Set(inputs);
  for (const directory of new Set([...directories].flatMap(withAncestors))) {
    for (const name of RESOLUTION_FILES) files.add(path.join(directory, name));
    for (const packages of packageDirectories(directory)) directories.add(packages);
  }
  return { files: [...files].sort(), directories: [...directories].sort() };
}

/** @param {string} directory @returns {string[]} it, and those above it */
function withAncestors(directory) {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...withAncestors(parent)];
}

/** @param {string} directory @returns {string[]} where packages are found from there */
function packageDirectories(directory) {
  const packages = path.join(directory, 'node_modules');
  const scopes = (namesIn(packages) ?? []).filter((name) => name.startsWith('@'));
  return [packages, ...scopes.map((name) => path.join(packages, name))];
}

/** @param {string} directory @returns {string[] | undefined} undefined: there is none */
function namesIn(directory) {
  if (!fs.existsSync(directory)) return undefined;
  try {
    return fs.readdirSync(directory);
  } catch {
    return undefined;
  }
}

/** @param {Sources} sources @returns {string} equal for equal contents and names */
function digestOf({ files, directories }) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(contentOf(file)).update('\0');
  for (const directory of directories) hash.update(`${directory}\0${listOf(directory)}\0`);
  return hash.digest('hex');
}

/** @param {string} file */
function contentOf(file) {
  // Most are not there, and an exception costs more than a look.
  if (!fs.existsSync(file)) return '';
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest();
  } catch {
    return '';
  }
}

/** @param {string} directory @returns {string} its names, and where links lead */
function listOf(directory) {
  if (!fs.existsSync(directory)) return '-';
  try {
    return fs
      .readdirSync(directory, { withFileTypes: true })
      .filter(({ name }) => !OWN_DIRECTORIES.has(name))
      .map((entry) => {
        if (!entry.isSymbolicLink()) return `${entry.name}${entry.isDirectory() ? '/' : ''}`;
        return `${entry.name}>${fs.readlinkSync(path.join(directory, entry.name))}`;
      })
      .sort()
      .join('\n');
  } catch {
    return '-';
  }
}

/**
 * Whether something was written since a build began, which then may have seen what was there before.
 * @param {Sources} sources
 * @param {number} sinceMs of the epoch
 * @param {string} except a directory in which a build itself makes another
 */
function wereWritten({ files, directories }, sinceMs, except) {
  return [...files, ...directories].some((place) => {
    const stat = place !== except && fs.statSync(place, { throwIfNoEntry: false });
    if (!stat) return false;
    const isCoarse = stat.mtimeMs % 1000 === 0;
    const at = Math.max(stat.mtimeMs, stat.ctimeMs);
    return at >= sinceMs - (isCoarse ? WHOLE_SECONDS_MS : TIME_MS);
  });
}

module.exports = { digestOf, listOf, sourcesOf, wereWritten };
