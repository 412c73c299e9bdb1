// start: `holdfast start`: reads, builds and serves a project once.
'use strict';

const { buildProject, stopBundler } = require('../build');
const { readProjects } = require('./read-projects');

/**
 * @param {import('./options').ServeOptions} options
 * @param {InstanceType<typeof import('./server').Server>} server
 * @param {InstanceType<typeof import('./terminal').Terminal>} terminal
 */
async function start(options, server, terminal) {
  const configs = readProjects(options);
  const builds = [];
  for (const config of configs) {
    terminal.warn(config.warnings);
    const build = await buildProject(config);
    terminal.warn(build.warnings);
    builds.push(build);
  }
  await stopBundler();
  terminal.ready(await server.run(configs, builds));
}

module.exports = { start };
