#!/usr/bin/env node
'use strict';

const { main } = require('../lib/cli');
// The runtime loads the native addon; `--help` and errors in a config do without it.
/** @type {import('../lib/cli/server').CreateRuntime} */
const createRuntime = (options) => require('../lib/runtime').createRuntime(options);

main(process.argv, createRuntime);
