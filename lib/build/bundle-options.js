// bundleOptions: how a project is bundled, as options for esbuild (S8.2, S9.1).
'use strict';

const path = require('node:path');
const { additionalEntries } = require('./additional-modules');
const { cloudflareModules } = require('./cloudflare-modules');
const { nodeExternals } = require('./node-externals');
const { typedModules } = require('./typed-modules');
const { isServiceWorker, bindingNames } = require('./service-worker');
const { GLOBAL_THIS, PROCESS_ENV, SCOPE_MODULE, workerScope } = require('./worker-scope');

/** The package conditions of Workers; wrangler reads the same variable. */
const CONDITIONS = 'workerd,worker,browser';

/** What many packages ask for to choose between their builds; in the text, as wrangler has it, so that the other one is left out. */
const NODE_ENV_NAMES = ['process.env.NODE_ENV', 'global.process.env.NODE_ENV', 'globalThis.process.env.NODE_ENV'];

/**
 * @param {import('../config/load-config').ResolvedConfig} config
 * @param {string} outputDir where the output will lie, or a directory beside it
 * @param {NodeJS.ProcessEnv} processEnv
 * @param {'production' | 'development'} nodeEnv unless `processEnv` says what NODE_ENV is
 * @returns {import('esbuild').BuildOptions}
 */
function bundleOptions(config, outputDir, processEnv, nodeEnv) {
  const { main, projectDir, build, compatibilityFlags } = config;
  const scope = workerScope(isServiceWorker(String(main)) ? bindingNames(config) : []);
  return {
    entryPoints: { index: String(main), ...additionalEntries(config) },
    absWorkingDir: projectDir,
    outdir: outputDirectory(outputDir),
    outExtension: { '.js': '.mjs' },
    assetNames: '[name]-[hash]',
    bundle: true,
    write: false,
    format: 'esm',
    platform: /** @type {import('esbuild').Platform} */ (processEnv.WRANGLER_BUILD_PLATFORM ?? 'neutral'),
    mainFields: ['browser', 'module', 'main'],
    conditions: (processEnv.WRANGLER_BUILD_CONDITIONS ?? CONDITIONS).split(','),
    target: 'node20',
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'silent',
    charset: 'utf8',
    // As wrangler's default: a class that mentions itself is `_Name` in a bundle, and of two with one name one is `Name2`. Programs find
    // bindings, routes and errors by the names of their classes. It costs some 0.2 µs for each named function made inside a function.
    keepNames: build.keepNames,
    define: {
      globalThis: GLOBAL_THIS,
      ...(compatibilityFlags.nodejs_compat_populate_process_env
        ? { 'process.env': PROCESS_ENV, 'globalThis.process.env': PROCESS_ENV }
        : {}),
      ...Object.fromEntries(NODE_ENV_NAMES.map((name) => [name, JSON.stringify(processEnv.NODE_ENV || nodeEnv)])),
      ...build.define,
    },
    inject: [SCOPE_MODULE],
    alias: build.alias,
    tsconfig: build.tsconfig,
    jsxFactory: build.jsxFactory,
    jsxFragment: build.jsxFragment,
    loader: { '.js': 'jsx', '.mjs': 'jsx', '.cjs': 'jsx' },
    banner: { js: scope.banner },
    plugins: [scope.plugin, cloudflareModules, typedModules(build.rules, projectDir), nodeExternals(projectDir)],
  };
}

/** What the bundler is told; the output goes elsewhere, under its hash. @param {string} directory for builds */
const outputDirectory = (directory) => path.join(directory, 'next');

module.exports = { bundleOptions, outputDirectory };
