// buildProject and watchProject: from a project's source to one ES module that Node can load.
//
// The happy path: the custom build command runs, esbuild bundles, the output is written under its hash.
// The ways it fails: the command fails, the entry module is missing or exports nothing, esbuild finds errors. Each is a BuildError or
// ConfigError; nothing is written then.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ConfigError } = require('../config/config-error');
const { BuildError, formatMessage } = require('./build-error');
const { runBuildCommand } = require('./build-command');
const { additionalFiles } = require('./additional-modules');
const { bundleOptions, outputDirectory } = require('./bundle-options');
const { watchCommand } = require('./command-watch');
const { watchInputs } = require('./input-watch');
const { KeptBuild } = require('./kept-build');
const { buildDirectory, markUsed, writeOutput } = require('./output');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('esbuild')} */
const esbuild = latePackage('esbuild');
/** Its process may run. */
let mayRun = false;

function bundler() {
  mayRun = true;
  return esbuild();
}

/** @typedef {import('../config/load-config').ResolvedConfig} ResolvedConfig */

/**
 * @typedef {object} Build
 * @property {string} entryFile Absolute path of the bundle.
 * @property {string[]} exports Names that the entry module exports; none: it is in Service Worker syntax.
 * @property {string[]} watchFiles Absolute paths of every source file in it.
 * @property {string[]} warnings One line each.
 * @property {boolean} [hasNodeServers] It imports `cloudflare:node`.
 */

/**
 * @param {ResolvedConfig} config
 * @param {{processEnv?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<Build>}
 * @throws {BuildError | ConfigError}
 */
async function buildProject(config, { processEnv = process.env } = {}) {
  await prepare(config);
  if (isAssetsOnly(config)) return kNoCode;
  const directory = buildDirectory(config.projectDir);
  const options = bundleOptions(config, directory, processEnv, 'production');
  const kept = new KeptBuild(config, directory, options, processEnv);
  const found = kept.find();
  if (found) {
    markUsed(path.dirname(found.entryFile));
    return found;
  }
  try {
    const result = await bundler().build(options);
    const { build, outputs } = finish(config, directory, result);
    if (result.metafile) kept.keep(build, outputs, result.metafile);
    return build;
  } catch (error) {
    throw toBuildError(error, config.projectDir);
  }
}

/**
 * Builds now and whenever a source file changes.
 * @param {ResolvedConfig} config
 * @param {(build: Build | undefined, error: Error | undefined) => void} onBuild called after each build, one after the other
 * @param {{processEnv?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<{close(): Promise<void>}>}
 * @throws {BuildError | ConfigError} before the first build; errors in the source go to `onBuild`
 */
async function watchProject(config, onBuild, { processEnv = process.env } = {}) {
  await prepare(config);
  if (isAssetsOnly(config)) {
    onBuild(kNoCode, undefined);
    return { close: async () => {} };
  }
  const directory = buildDirectory(config.projectDir);
  const options = bundleOptions(config, directory, processEnv, 'development');
  // Errors are reported where the build ends.
  const inputs = watchInputs(() => void context.rebuild().catch(() => {}));
  /** @type {import('esbuild').Plugin} */
  const report = {
    name: 'report',
    setup(build) {
      build.onEnd((result) => {
        try {
          if (result.errors.length) throw new BuildError(result.errors, config.projectDir);
          const made = finish(config, directory, result).build;
          inputs.follow(made.watchFiles);
          onBuild(made, undefined);
        } catch (error) {
          onBuild(undefined, /** @type {Error} */ (error));
        }
      });
    },
  };
  const context = await bundler().context({ ...options, plugins: [...(options.plugins ?? []), report] });
  await context.watch({});
  const { command, cwd, watchDirs } = config.build;
  // What the command writes is source: the bundler sees that it changed.
  const commandWatch = watchCommand({
    directories: command ? watchDirs : [],
    main: String(config.main),
    run: () => runBuildCommand(String(command), cwd),
    onError: (error) => onBuild(undefined, error),
  });
  return {
    close: () => {
      commandWatch.close();
      inputs.close();
      return context.dispose();
    },
  };
}

/** What a project of static assets alone is built to. @type {Build} */
const kNoCode = {
  entryFile: path.join(__dirname, 'no-code.mjs'),
  exports: ['default'],
  watchFiles: [],
  warnings: [],
};

/** @param {ResolvedConfig} config */
const isAssetsOnly = ({ main, assets }) => main === undefined && assets !== undefined;

/** @param {ResolvedConfig} config */
async function prepare({ configPath, main, build, assets }) {
  if (main === undefined && assets !== undefined) {
    if (build.command) await runBuildCommand(build.command, build.cwd);
    return;
  }
  if (main === undefined) {
    throw new ConfigError(
      'Missing entry module: add "main", or name the file on the command line.',
      { file: configPath },
    );
  }
  if (build.command) await runBuildCommand(build.command, build.cwd);
  if (!fs.existsSync(main)) {
    throw new ConfigError(`The entry module ${main} does not exist.`, { file: configPath });
  }
}

/**
 * @param {ResolvedConfig} config
 * @param {string} directory
 * @param {import('esbuild').BuildResult} result
 * @returns {{build: Build, outputs: string[]}} `outputs`: absolute paths of its files
 */
function finish({ main, projectDir }, directory, { outputFiles = [], metafile, warnings }) {
  const outputs = outputsOf(directory, projectDir, metafile?.outputs ?? {});
  const { exports = [] } = outputs['index.mjs'] ?? {};
  if (exports.length === 0 && !listens(outputFiles)) {
    throw new ConfigError('exports nothing and listens to nothing: use `export default`.', {
      file: main,
    });
  }
  /** @type {Map<string, Uint8Array | string>} */
  const files = additionalFiles(outputs);
  for (const { path: file, contents } of outputFiles)
    files.set(path.relative(outputDirectory(directory), file), contents);
  const target = writeOutput(directory, files);
  const inputs = Object.keys(metafile?.inputs ?? {}).filter(
    (name) => !/^holdfast[\w-]*:/.test(name),
  );
  const build = {
    entryFile: path.join(target, 'index.mjs'),
    exports,
    hasNodeServers: Object.keys(metafile?.inputs ?? {}).includes('holdfast:cloudflare:node'),
    watchFiles: inputs.map((name) => path.resolve(projectDir, name)),
    warnings: warnings
      .filter(({ location }) => !location?.file.includes('node_modules/'))
      .map((message) => formatMessage(message, projectDir, { source: false })),
  };
  return { build, outputs: [...files.keys()].map((file) => path.join(target, file)) };
}

/** S9.1.1: whether a bundle is one in Service Worker syntax. @param {import('esbuild').OutputFile[]} files */
const listens = (files) =>
  files.some(
    ({ path: file, text }) =>
      file.endsWith('.mjs') && /(?<!\b[gs]et )\baddEventListener\s*\(/.test(text),
  );

/**
 * @template Output
 * @param {string} directory
 * @param {string} projectDir
 * @param {Record<string, Output>} outputs by path from the project
 * @returns {Record<string, Output>} by path from where they will lie
 */
function outputsOf(directory, projectDir, outputs) {
  const relative = (/** @type {string} */ file) =>
    path.relative(outputDirectory(directory), path.resolve(projectDir, file));
  return Object.fromEntries(Object.entries(outputs).map(([file, output]) => [relative(file), output]));
}

/** @param {unknown} error @param {string} projectDir */
function toBuildError(error, projectDir) {
  const messages = /** @type {Partial<import('esbuild').BuildFailure>} */ (error).errors;
  return messages?.length ? new BuildError(messages, projectDir) : error;
}

/** Ends the bundler's process; the next build starts a new one. */
async function stopBundler() {
  if (!mayRun) return;
  mayRun = false;
  await esbuild().stop();
}

module.exports = { buildProject, stopBundler, watchProject };
