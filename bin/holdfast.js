#!/usr/bin/env node
'use strict';

const { main } = require('../lib/cli');
// The runtime loads the native addon; `--help` and errors in a config do without it.
/** @type {import('../lib/cli/server').CreateRuntime} */
// eslint-disable-next-line no-restricted-syntax -- a program has one registry of modules
const createRuntime = (options) => require('../lib/runtime').createRuntime(options);

main(process.argv, createRuntime);
