// start: `holdfast start`: reads, builds and serves a project; on SIGHUP anew.
//
// What fails when it is read anew is printed, and what runs goes on.
'use strict';

const { buildProject, stopBundler } = require('../build');
const { readProjects } = require('./read-projects');

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
