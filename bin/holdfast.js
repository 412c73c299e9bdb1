#!/usr/bin/env node
'use strict';

const { main } = require('../lib/cli');
// The native addon is loaded when it is needed; `--help` and errors in a config do without it.
main(process.argv, {
  createRuntime: (options) => require('../lib/create-runtime').createRuntime(options),
  readMigrations: (...of) => require('../lib/stored-migrations').readStoredMigrations(...of),
  verifyDataDirectory: (dataDir) => require('../lib/native').verify(dataDir),
});
