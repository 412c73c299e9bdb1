'use strict';
// Hooks of Node's loader: packages that Vitest leaves to Node import `cloudflare:workers` and its like, too.

const { hooksFor } = require('../register/hooks-for');
const { MODULES, sourceOf } = require('./modules');

const { resolve, load } = hooksFor(MODULES, sourceOf);

// By name: Node reads the exports of its hooks without running them.
module.exports = { resolve, load };
