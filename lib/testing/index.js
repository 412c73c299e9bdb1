'use strict';
// `holdfast/test`: tests of Workers and objects under any test runner.

const { readD1Migrations } = require('./d1-migrations');
const { createTestHarness } = require('./harness');
const { connectWebSocket } = require('./socket-client');
const { createTestKit } = require('./test-kit');

module.exports = { connectWebSocket, createTestHarness, createTestKit, readD1Migrations };
