'use strict';
// `holdfast/vitest`: what a Vitest configuration imports instead of @cloudflare/vitest-plugin or @cloudflare/vitest-pool-workers.

const { readD1Migrations } = require('../testing/module/d1-migrations');
const { cloudflareTest } = require('./plugin');
const { defineWorkersConfig, defineWorkersProject } = require('./workers-config');

module.exports.cloudflareTest = cloudflareTest;
module.exports.defineWorkersConfig = defineWorkersConfig;
module.exports.defineWorkersProject = defineWorkersProject;
module.exports.readD1Migrations = readD1Migrations;
