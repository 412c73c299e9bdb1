// Configuration: finds and reads wrangler files and says what they mean. Nothing here runs user code.
'use strict';

const { ConfigError } = require('./config-error');
const { CONFIG_NAMES, findConfig } = require('./find-config');
const { configForEntry, loadConfig } = require('./load-config');
const { planMigrations, upgradeState } = require('./migrations');
const { resolveProject } = require('./resolve-project');
const { unsupportedBinding } = require('./unsupported-bindings');

module.exports = {
  CONFIG_NAMES,
  ConfigError,
  configForEntry,
  findConfig,
  loadConfig,
  planMigrations,
  resolveProject,
  unsupportedBinding,
  upgradeState,
};
