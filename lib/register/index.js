'use strict';
// `node --import holdfast/register app.mjs`: a program of Node can import `cloudflare:workers` and define objects. Nothing else of the
// process changes; `holdfast/globals` is for who wants the globals, too.

const nodeModule = /** @type {any} */ (require('node:module'));
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const hooks = require('./hooks');
const processModules = require('./process-modules');

if (typeof nodeModule.registerHooks === 'function') nodeModule.registerHooks(hooks);
else {
  nodeModule.register(pathToFileURL(path.join(__dirname, 'hooks.js')));
  // Hooks of that kind do not see require().
  const { _load: loadOriginal } = nodeModule;
  nodeModule._load = function load(/** @type {string} */ name, /** @type {any[]} */ ...rest) {
    if (!name.startsWith('cloudflare:')) return Reflect.apply(loadOriginal, this, [name, ...rest]);
    hooks.resolve(name, undefined, () => undefined);
    return processModules;
  };
}
