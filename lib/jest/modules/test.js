'use strict';
// `cloudflare:test` in a project under test (spec S10.2).

const { currentKit } = require('../../testing/kit/current-kit');

module.exports = currentKit().testModule;
