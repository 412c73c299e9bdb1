'use strict';
// Hooks of Node's loader: the modules named `cloudflare:...` for a program that nobody bundles (S9.3). Node calls them in a thread of
// their own, or, where it can, in the thread of the program; the modules always live in the latter.

const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { MODULES } = require('../build/cloudflare-modules');
const { hooksFor } = require('./hooks-for');

const EXPORTS_URL = pathToFileURL(path.join(__dirname, 'process-modules.js')).href;

const { resolve, load } = hooksFor(MODULES, (id) => {
  const names = /** @type {string[]} */ (MODULES.get(id));
  return `import modules from ${JSON.stringify(EXPORTS_URL)};\nexport const { ${names.join(', ')} } = modules;\n`;
});

// By name: Node reads the exports of its hooks without running them.
module.exports = { resolve, load };
