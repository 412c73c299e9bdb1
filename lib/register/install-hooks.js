'use strict';
// installHooks: modules named `cloudflare:...` for whatever Node itself loads in this thread, by import and by require().

const nodeModule = /** @type {any} */ (require('node:module'));
const { pathToFileURL } = require('node:url');

/**
 * @param {{resolve: Function}} hooks
 * @param {string} file that exports them: Node may run it in a thread of its own
 * @param {(name: string) => unknown} exportsOf what require() of such a module gives
 */
function installHooks(hooks, file, exportsOf) {
  if (typeof nodeModule.registerHooks === 'function') {
    nodeModule.registerHooks(hooks);
    return;
  }
  nodeModule.register(pathToFileURL(file));
  // Hooks of that kind do not see require().
  const { _load: loadOriginal } = nodeModule;
  nodeModule._load = function load(/** @type {string} */ name, /** @type {any[]} */ ...rest) {
    if (!name.startsWith('cloudflare:')) return Reflect.apply(loadOriginal, this, [name, ...rest]);
    hooks.resolve(name, undefined, () => undefined);
    return exportsOf(name);
  };
}

module.exports = { installHooks };
