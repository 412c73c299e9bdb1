// checkTopLevel: what is wrong at the top level of a config is an error, also when an environment puts other values in its place.
'use strict';

const { checkAssets } = require('./assets');
const { readDate, readDev, readFlags, readMain, readName } = require('./basic-keys');
const { readBindings } = require('./bindings');
const { checkCrons } = require('./bindings/crons');
const { readBuildSettings } = require('./build-settings');
const { readDurableObjectBindings } = require('./durable-object-bindings');
const { selectEnvironment } = require('./environment');
const { readMigrations } = require('./migration-list');
const { readServiceBindings } = require('./service-bindings');
const { checkVariables } = require('./variables');

/**
 * The shape of the values, as wrangler checks it; not what they mean together, for that is another thing in the environment.
 * @param {InstanceType<typeof import('./config-document').ConfigDocument>} document
 * @param {string} projectDir
 * @throws {import('./config-error').ConfigError}
 */
function checkTopLevel(document, projectDir) {
  const { section } = selectEnvironment(document, undefined);
  readName(section);
  readDate(section);
  readFlags(section);
  readMain(section, projectDir);
  readDev(section);
  readBuildSettings(section, projectDir);
  readDurableObjectBindings(section);
  readServiceBindings(section);
  readBindings(section, projectDir);
  checkCrons(section);
  readMigrations(section);
  checkVariables(section);
  checkAssets(section);
}

module.exports = { checkTopLevel };
