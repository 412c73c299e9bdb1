// start: `holdfast start`: reads, builds and serves a project; on SIGHUP anew.
//
// What fails when it is read anew is printed, and what runs goes on.
'use strict';

const { buildProject, stopBundler } = require('../build');
const { resolveProject } = require('../config');

/**
 * @param {import('./options').ServeOptions} options
 * @param {InstanceType<typeof import('./server').Server>} server
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 */
async function start(options, server, terminal) {
  let loading = load(options, server, terminal);
  await loading;
  process.on('SIGHUP', () => {
    loading = loading
      .then(() => load(options, server, terminal))
      .catch((error) => terminal.error(error));
  });
}

/**
 * @param {import('./options').ServeOptions} options
 * @param {InstanceType<typeof import('./server').Server>} server
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 */
async function load(options, server, terminal) {
  const config = resolveProject({ ...options, vars: options.var });
  terminal.warn(config.warnings);
  const build = await buildProject(config);
  terminal.warn(build.warnings);
  await stopBundler();
  terminal.ready(await server.run(config, build));
}

module.exports = { start };
