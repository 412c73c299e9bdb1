'use strict';
// Hooks of Node's loader: the modules named `cloudflare:...` for a program that nobody bundles (S9.3). Node calls them in a thread of
// their own, or, where it can, in the thread of the program; the modules always live in the latter.

const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { MODULES } = require('../build/cloudflare-modules');

const EXPORTS_URL = pathToFileURL(path.join(__dirname, 'process-modules.js')).href;

/** @param {string} specifier @param {unknown} context @param {Function} nextResolve */
function resolve(specifier, context, nextResolve) {
  if (!specifier.startsWith('cloudflare:')) return nextResolve(specifier, context);
  if (MODULES.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
  const error = new Error(`holdfast does not support the module "${specifier}".`);
  throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
}

/** @param {string} url @param {unknown} context @param {Function} nextLoad */
function load(url, context, nextLoad) {
  const names = MODULES.get(url);
  if (names === undefined) return nextLoad(url, context);
  const source = `import modules from ${JSON.stringify(EXPORTS_URL)};\nexport const { ${names.join(', ')} } = modules;\n`;
  return { format: 'module', source, shortCircuit: true };
}

module.exports = { resolve, load };
