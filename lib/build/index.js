// Building: bundles a project and loads the bundle.
'use strict';

const { BuildError } = require('./build-error');
const { buildProject, stopBundler, watchProject } = require('./bundle');
const { WORKERS_EXPORTS } = require('./cloudflare-modules');
const {
  loadWorker,
  registerModules,
  registeredModules,
  unregisterModules,
} = require('./load-worker');

module.exports = {
  BuildError,
  WORKERS_EXPORTS,
  buildProject,
  loadWorker,
  registerModules,
  registeredModules,
  stopBundler,
  unregisterModules,
  watchProject,
};
