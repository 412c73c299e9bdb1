// KeptBuild: a start finds the bundle that an earlier one made of the same project, and needs no bundler.
//
// The happy path: find() reads what keep() wrote, sees that everything the bundle was made of is still the same (source-state.js), and
// gives the earlier result.
// What is not kept: a build whose result depends on something else than source-state.js compares (isKeepable), and one during which
// a source was written. What is not found: anything that differs, is damaged, or was removed. Then there is a build.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { latePackage } = require('../late-package');
const { digestOf, listOf, sourcesOf, wereWritten } = require('./source-state');

/** @typedef {import('./bundle').Build} Build */

/** @type {() => {version: string}} */
const bundlerPackage = latePackage('esbuild/package.json');

/** One for each project, environment and set of options that share a directory for builds. */
const KEPT_MAX = 16;

class KeptBuild {
  #file;
  #projectDir;
  #isKeepable;
  /** When it began, in milliseconds of the epoch. */
  #since;
  #listBefore;

  /**
   * Before the build.
   * @param {import('../config/load-config').ResolvedConfig} config
   * @param {string} directory for builds
   * @param {import('esbuild').BuildOptions} options
   * @param {NodeJS.ProcessEnv} env
   */
  constructor({ projectDir, build }, directory, options, env) {
    const of = { ...options, plugins: undefined, rules: build.rules, versions: versions() };
    const name = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
    this.#file = path.join(directory, `kept-${name}.json`);
    this.#projectDir = projectDir;
    // Names that lead elsewhere, and modules that no import names, would take a comparison of more than there is.
    this.#isKeepable =
      !build.findAdditionalModules &&
      Object.keys(build.alias ?? {}).length === 0 &&
      build.tsconfig === undefined &&
      !env.NODE_PATH;
    this.#since = Date.now();
    this.#listBefore = this.#isKeepable ? listOf(projectDir) : '';
  }

  /** @returns {Build | undefined} */
  find() {
    if (!this.#isKeepable) return undefined;
    try {
      const { build, outputs, sources, digest } = JSON.parse(fs.readFileSync(this.#file, 'utf8'));
      if (!outputs.every(fs.existsSync) || digestOf(sources) !== digest) return undefined;
      return build;
    } catch {
      return undefined; // there is none, or it is damaged
    }
  }

  /**
   * After the build. Where it cannot be written, the next start builds again.
   * @param {Build} build
   * @param {string[]} outputs absolute paths of its files
   * @param {import('esbuild').Metafile} metafile
   */
  keep(build, outputs, metafile) {
    try {
      this.#keep(build, outputs, metafile);
    } catch {
      // The build is good all the same.
    }
  }

  /** @param {Build} build @param {string[]} outputs @param {import('esbuild').Metafile} metafile */
  #keep(build, outputs, metafile) {
    if (!this.#isKeepable || !isSelfContained(metafile)) return;
    const { watchFiles } = build;
    if (!watchFiles.every((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile())) return;
    const sources = sourcesOf(watchFiles, this.#projectDir);
    if (sources.files.some(leadsElsewhere)) return;
    const digest = digestOf(sources);
    if (wereWritten(sources, this.#since, this.#projectDir)) return;
    if (listOf(this.#projectDir) !== this.#listBefore) return;
    const partial = `${this.#file}.${process.pid}.tmp`;
    fs.writeFileSync(partial, JSON.stringify({ build, outputs, sources, digest }));
    fs.renameSync(partial, this.#file);
    prune(path.dirname(this.#file));
  }
}

/** What bundles: this package's part of it by its files, as a checkout keeps its version. */
function versions() {
  const own = fs.readdirSync(__dirname).map((name) => {
    const { size, mtimeMs } = fs.statSync(path.join(__dirname, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return [process.version, bundlerPackage().version, ...own];
}

/** Of Node's modules, of those that this package has for the bundle, and of the bundler's own functions. */
const OWN_NAMES = /^(?:(?:node|holdfast-scope):|<runtime>$)/;

/** Whether Node finds nothing else for it. @param {import('esbuild').Metafile} metafile */
const isSelfContained = ({ inputs }) =>
  Object.values(inputs).every(({ imports }) =>
    imports.every(({ external, path: name }) => !external || OWN_NAMES.test(name)),
  );

/** Whether it makes names lead to other directories, or takes that from another file. @param {string} file */
function leadsElsewhere(file) {
  if (!/[jt]sconfig\.json$/.test(file) || !fs.existsSync(file)) return false;
  return /"(extends|paths|baseUrl|rootDirs)"/.test(fs.readFileSync(file, 'utf8'));
}

/** @param {string} directory */
function prune(directory) {
  const kept = fs
    .readdirSync(directory)
    .filter((name) => name.startsWith('kept-'))
    .map((name) => path.join(directory, name))
    .map((file) => ({ file, time: fs.statSync(file).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { file } of kept.slice(KEPT_MAX)) fs.rmSync(file, { force: true });
}

module.exports = { KeptBuild };
