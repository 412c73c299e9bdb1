#!/usr/bin/env node
'use strict';

const path = require('node:path');
const { openLib } = require('./open-lib');

/** Until then most of what a start runs has run. */
const kKeepCodeAfterMs = 1000;

const lib = openLib(path.join(__dirname, '..'));
const { main } = lib.require('lib/cli/index.js');
let isServing = false;

// The native addon is loaded when it is needed; `--help` and errors in a config do without it.
main(process.argv, {
  createRuntime: async (/** @type {any} */ options) => {
    const runtime = await lib.require('lib/create-runtime.js').createRuntime(options);
    isServing = true;
    return runtime;
  },
  prepareRuntime: () => {
    try {
      lib.require('lib/create-runtime.js');
    } catch {
      // createRuntime() says why.
    }
  },
  readMigrations: (/** @type {any[]} */ ...of) =>
    lib.require('lib/stored-migrations.js').readStoredMigrations(...of),
  verifyDataDirectory: (/** @type {string} */ dataDir) =>
    lib.require('lib/native.js').verify(dataDir),
}).then(() => {
  // What other commands run is too little to be worth keeping.
  if (!isServing) return;
  setTimeout(lib.keepCode, kKeepCodeAfterMs).unref();
  process.once('exit', lib.keepCode);
});
