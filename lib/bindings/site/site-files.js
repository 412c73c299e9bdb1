'use strict';
// SiteFiles: a directory as the KV namespace of a Workers Site, `env.__STATIC_CONTENT` (spec S8.7.1). Nothing can be written to it.
//
// Happy path: which files there are is read when somebody lists them, what is in one when somebody gets it.
// Ways it fails: a file that is gone or excluded, or a key that leads out of the directory, is a key that is not there.

const fs = require('node:fs');
const path = require('node:path');
const { ConfigError } = require('../../config/config-error');
const { globToRegExp } = require('../../config/glob');
const { outsideWork } = require('../../open-work');
const { failed } = require('../kv/kv-checks');
const { toFile, toKey } = require('./site-keys');

/** Never part of a site: data may lie in it. */
const kOwnDirectory = '.holdfast';

class SiteFiles {
  #directory;
  /** @type {(file: string) => boolean} */
  #isIncluded;

  /** @param {import('../../config/bindings/site').SiteSettings} settings */
  constructor({ directory, include, exclude }) {
    this.#directory = directory;
    const isExcluded = matcher(exclude);
    this.#isIncluded = include.length ? matcher(include) : (file) => !isExcluded(file);
  }

  /**
   * @returns {Record<string, string>} the key of each file, by its path
   * @throws {ConfigError} there is no such directory
   */
  manifest() {
    if (!fs.statSync(this.#directory, { throwIfNoEntry: false })?.isDirectory())
      throw new ConfigError('is no directory, but "site.bucket" names it.', {
        file: this.#directory,
      });
    return Object.fromEntries(this.#files('').map((file) => [file, toKey(file)]));
  }

  /**
   * What makeKvNamespace() calls.
   * @param {string} method
   * @param {...any} args
   * @returns {Promise<any>}
   * @throws {Error} for methods that write
   */
  async call(method, ...args) {
    if (method === 'get') return this.#get(new TextDecoder().decode(args[0]));
    if (method === 'list') return this.#list(args[0], args[1], args[2]);
    throw failed(method.toUpperCase(), 405, `Cannot ${method}() with Workers Sites namespace`);
  }

  /** @param {string} key */
  async #get(key) {
    const file = path.posix.normalize(toFile(key));
    if (file.startsWith('../') || file.split('/').includes(kOwnDirectory)) return null;
    if (!this.#isIncluded(file)) return null;
    try {
      const content = await outsideWork(fs.promises.readFile(path.join(this.#directory, file)));
      return { value: new Uint8Array(content), metadata: null };
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String(code))) return null;
      throw error;
    }
  }

  /** @param {Uint8Array} prefix @param {Uint8Array} after @param {number} limit */
  #list(prefix, after, limit) {
    return this.#files('')
      .map((file) => Buffer.from(toKey(file)))
      .filter((name) => name.subarray(0, prefix.length).equals(prefix) && name.compare(after) > 0)
      .sort((a, b) => a.compare(b))
      .slice(0, limit)
      .map((name) => ({ name, expiration: null, metadata: null }));
  }

  /** @param {string} below a directory of the site @returns {string[]} paths of the files in it */
  #files(below) {
    const entries = fs.readdirSync(path.join(this.#directory, below), { withFileTypes: true });
    return entries.flatMap((entry) => {
      const file = path.posix.join(below, entry.name);
      if (entry.isDirectory()) return entry.name === kOwnDirectory ? [] : this.#files(file);
      return this.#isIncluded(file) ? [file] : [];
    });
  }
}

/** A glob matches anywhere in a path; with `!` before it, what it matches does not count. @param {string[]} globs */
function matcher(globs) {
  const patternsOf = (/** @type {string[]} */ some) =>
    some.map((glob) => new RegExp(globToRegExp(glob).source.slice(1, -1)));
  const yes = patternsOf(globs.filter((glob) => !glob.startsWith('!')));
  const no = patternsOf(globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  return (/** @type {string} */ file) =>
    yes.some((pattern) => pattern.test(file)) && !no.some((pattern) => pattern.test(file));
}

module.exports = { SiteFiles };
