'use strict';
// `cloudflare:sockets` in a project under test.

const { currentKit } = require('../../testing/kit/current-kit');

module.exports = currentKit().modules;
