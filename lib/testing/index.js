'use strict';
// `holdfast/test`: tests of Workers and objects under any test runner.

const { readD1Migrations } = require('./module/d1-migrations');
const { createTestHarness } = require('./harness/harness');
const { connectWebSocket } = require('./module/socket-client');
const { createTestKit } = require('./kit/test-kit');

module.exports = { connectWebSocket, createTestHarness, createTestKit, readD1Migrations };
