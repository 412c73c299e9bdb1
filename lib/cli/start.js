// start: `holdfast start`: reads, builds and serves a project; on SIGHUP anew.
//
// What fails when it is read anew is printed, and what runs goes on.
'use strict';

const { buildProject, stopBundler } = require('../build');
const { readProjects } = require('./read-projects');
const { mailOf } = require('./server');

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
  terminal.warn(mailWarnings(configs, options));
  terminal.ready(await server.run(configs, builds));
}

/**
 * @param {import('../config/load-config').ResolvedConfig[]} configs
 * @param {import('./options').ServeOptions} options
 * @returns {string[]}
 */
function mailWarnings(configs, options) {
  const names = configs.flatMap(({ resources }) => resources.sendEmail.map(({ name }) => name));
  if (names.length === 0 || mailOf(options).mail !== undefined) return [];
  const shown = names.map((name) => `env.${name}`).join(', ');
  return [`Mail of ${shown} cannot leave, and sending throws: there is no --smtp.`];
}

module.exports = { start };
