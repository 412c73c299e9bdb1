'use strict';
// `cloudflare:node` in a project under test.

const { currentKit } = require('../../testing/kit/current-kit');

module.exports = currentKit().modules;
