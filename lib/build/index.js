// Building: bundles a project and loads the bundle.
'use strict';

const { BuildError } = require('./build-error');
const { buildProject, stopBundler, watchProject } = require('./bundle');
const { WORKERS_EXPORTS } = require('./cloudflare-modules');
const {
  loadWorker,
  newKey,
  registerModules,
  registeredModules,
  unregisterModules,
} = require('./load-worker');

module.exports = {
  BuildError,
  WORKERS_EXPORTS,
  buildProject,
  loadWorker,
  newKey,
  registerModules,
  registeredModules,
  stopBundler,
  unregisterModules,
  watchProject,
};
