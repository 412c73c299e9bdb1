'use strict';
// readAssetFiles: which files of a directory are assets (spec S8.7.1). Their contents are read when they are asked for.
//
// Ignored: what `.assetsignore` says, the files that say how to serve, and Holdfast's own directory, in which data may lie.

const fs = require('node:fs/promises');
const path = require('node:path');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('ignore')} */
const ignorePackage = latePackage('ignore');
/** @type {() => typeof import('mime-types')} */
const mimeTypes = latePackage('mime-types');

const kIgnoreFile = '.assetsignore';
const kNeverAssets = [`/${kIgnoreFile}`, '/_headers', '/_redirects', '.holdfast/'];
/** As wrangler has them; the library says what registries list. */
const kOctetStreams = new Set(['.deb', '.dll', '.dmg', '.exe', '.iso', '.msi']);

/** @typedef {{file: string, path: string, type: string | undefined}} AssetFile `file` is absolute, `path` that of its URL, decoded; `type` of its content */

/**
 * @param {string} directory
 * @returns {Promise<Map<string, AssetFile>>} by `path`
 * @throws {Error} of the file system
 */
async function readAssetFiles(directory) {
  const ignored = ignorePackage().default().add(kNeverAssets);
  const text = await readText(path.join(directory, kIgnoreFile));
  if (text !== undefined) ignored.add(text);
  /** @type {Map<string, AssetFile>} */
  const files = new Map();
  await walk(directory, '', ignored, files);
  return files;
}

/**
 * @param {string} directory
 * @param {string} prefix of the paths in it: empty, or with a slash at its end
 * @param {import('ignore').Ignore} ignored
 * @param {Map<string, AssetFile>} files
 */
async function walk(directory, prefix, ignored, files) {
  const folders = [];
  for (const entry of await fs.readdir(directory, { withFileTypes: true })) {
    const relative = prefix + entry.name;
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!ignored.ignores(`${relative}/`)) folders.push({ file, relative });
    } else if (!ignored.ignores(relative) && (await isFile(entry, file))) {
      files.set(`/${relative}`, { file, path: `/${relative}`, type: typeOf(entry.name) });
    }
  }
  for (const { file, relative } of folders) await walk(file, `${relative}/`, ignored, files);
}

/** Links lead to files, not into other directories. @param {import('node:fs').Dirent} entry @param {string} file */
async function isFile(entry, file) {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/** @param {string} name @returns {string | undefined} */
function typeOf(name) {
  const extension = path.extname(name).toLowerCase();
  if (extension === '') return undefined;
  if (kOctetStreams.has(extension)) return 'application/octet-stream';
  const type = mimeTypes().lookup(extension);
  if (type === false) return undefined;
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type;
}

/** @param {string} file @returns {Promise<string | undefined>} undefined: there is none */
async function readText(file) {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

module.exports = { readAssetFiles, readText };
