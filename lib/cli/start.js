// start: `holdfast start`: reads, builds and serves a project once.
'use strict';

const { buildProject, stopBundler } = require('../build');
const { resolveProject } = require('../config');

/**
 * @param {import('./options').ServeOptions} options
 * @param {InstanceType<typeof import('./server').Server>} server
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 */
async function start(options, server, terminal) {
  const config = resolveProject({ ...options, vars: options.var });
  terminal.warn(config.warnings);
  const build = await buildProject(config);
  terminal.warn(build.warnings);
  await stopBundler();
  terminal.ready(await server.run(config, build));
}

module.exports = { start };
