'use strict';
// The modules named `cloudflare:...`, and that of a Workers Site, in Vite's module graph: each takes its exports from the kit of the process that evaluates it.

const { SITE_MANIFEST } = require('../bindings/site/site-keys');
const { MODULES: RUNTIME_MODULES } = require('../build/cloudflare-modules');
const { createTestModule } = require('../testing/module/module');

const TEST_MODULE = 'cloudflare:test';

const testNames = Object.keys(
  createTestModule(() => /** @type {any} */ ({}), { scope: {}, advance: async () => {} }),
);

/** Of each module its exports. */
const MODULES = new Map([...RUNTIME_MODULES, [TEST_MODULE, testNames], [SITE_MANIFEST, []]]);

/** @param {string} id of a module @returns {string} ES module */
function sourceOf(id) {
  const names = MODULES.get(id) ?? [];
  const from = (/** @type {string} */ name) =>
    // A live view, unlike the getter of the kit.
    id !== TEST_MODULE || name === 'env' ? 'kit.modules' : 'kit.testModule';
  return [
    `const kit = process[Symbol.for('holdfast.kit')];`,
    `if (!kit) throw new Error('${id} is for the processes that run tests.');`,
    ...names.map((name) => `export const ${name} = ${from(name)}[${JSON.stringify(name)}];`),
    ...(id === SITE_MANIFEST ? ['export default kit.siteManifest;'] : []),
    '',
  ].join('\n');
}

module.exports = { MODULES, TEST_MODULE, sourceOf };
