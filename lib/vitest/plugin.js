'use strict';
// cloudflareTest: the Vite plugin of `holdfast/vitest`. It makes Vitest run each test file in a process that has a runtime of its own, in
// one module graph with the Worker, and takes the options of @cloudflare/vitest-plugin (spec S10.1.1).
//
// Thread: Vitest's main process. What the worker processes need of the options is sent to them as plain data.

const path = require('node:path');
const { checkVitest } = require('./check-version');
const { takeFunctions } = require('./function-server');
const { MODULES, sourceOf } = require('./modules');
const { vitestOptions } = require('./options');
const { typedModules } = require('./typed-modules');

/**
 * What packages for Workers are resolved with, before Node's own conditions; Vitest gives them to Node, too. Not `browser`: where a package has no
 * build for Workers, the one for Node is right here. Not `module`: such builds are for bundlers, and Node cannot load some of them.
 */
const CONDITIONS = ['workerd', 'worker'];

const file = (/** @type {string} */ name) => path.join(__dirname, name);

/** Options of the Cloudflare plugin that mean nothing where the Worker's exports are seen as they are, and nothing is remote. */
const WITHOUT_MEANING = ['additionalExports', 'remoteBindings', 'singleWorker'];

/**
 * @param {Record<string, any>} [options] as @cloudflare/vitest-plugin takes them, and those of the test environment
 *   (docs/unit-testing-vitest.md)
 * @returns {import('vite').Plugin[]}
 */
function cloudflareTest(options = {}) {
  const given = takeFunctions({ isolatedStorage: false, ...options });
  for (const name of WITHOUT_MEANING) delete given[name];
  /** @type {import('../config/load-config').ResolvedConfig} */
  let resolved;
  return [
    {
      name: 'holdfast:test',
      enforce: 'pre',
      config({ root = process.cwd() }) {
        checkVitest(path.resolve(root));
        ({ resolved } = vitestOptions(given, path.resolve(root)).options);
        return testConfig(given, resolved);
      },
      resolveId(source, importer) {
        if (MODULES.has(source)) return `\0${source}`;
        // Ours is outside of the project when the package is linked: it uses the project's Vitest all the same.
        if (source === 'vitest' && importer?.startsWith(__dirname))
          return this.resolve(source, path.join(this.environment.config.root, 'index.js'));
        return undefined;
      },
      load(id) {
        return id.startsWith('\0') && MODULES.has(id.slice(1)) ? sourceOf(id.slice(1)) : undefined;
      },
    },
    typedModules(() => resolved),
  ];
}

/** @param {Record<string, any>} given @param {import('../config/load-config').ResolvedConfig} resolved */
function testConfig(given, { build: { define } }) {
  return {
    define,
    ssr: {
      resolve: {
        conditions: [...CONDITIONS, 'node', 'development|production'],
        externalConditions: CONDITIONS,
      },
    },
    test: {
      environment: file('environment.mjs'),
      environmentOptions: { holdfast: given },
      runner: file('runner.mjs'),
      server: { deps: { inline: [new RegExp(`^${escaped(__dirname)}`)] } },
    },
  };
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

module.exports = { cloudflareTest };
