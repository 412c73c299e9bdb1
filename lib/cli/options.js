// The command line: which commands and options there are, and what they mean.
'use strict';

const { latePackage } = require('../late-package');
const { environmentOption, projectOptions, serveOptions } = require('./option-table');

/** @type {() => typeof import('commander')} */
const commander = latePackage('commander');
/** @type {() => {version: string}} */
const ownPackage = latePackage('../package.json');

/** @typedef {import('commander').Command} Command */

/**
 * @typedef {object} ProjectOptions
 * @property {string} [project]
 * @property {string[]} [config] several for several Workers
 * @property {string} [dataDir]
 */

/**
 * @typedef {object} CodeOptions
 * @property {string} [env]
 * @property {Record<string, string>} var
 * @property {Record<string, string>} [define]
 * @property {Record<string, string>} [alias]
 * @property {string} [name] of the Worker
 * @property {string[]} [envFile]
 * @property {string} [compatibilityDate]
 * @property {string[]} [compatibilityFlags]
 */

/**
 * @typedef {object} AddressOptions
 * @property {number} [port]
 * @property {string} [host]
 * @property {number} [idleEvictionMs]
 * @property {number} [retentionDays]
 * @property {boolean} [deleteClasses]
 * @property {boolean} [adoptMigrations]
 * @property {boolean} [compression]
 * @property {number} [adminPort]
 * @property {string} [adminHost]
 * @property {string} [adminSocket]
 * @property {string} [socket]
 * @property {string} [smtp]
 * @property {boolean} [reusePort]
 * @property {string} [tlsCert]
 * @property {string} [tlsKey]
 * @property {boolean} [development] of `holdfast dev`
 * @property {number} [trustedProxies]
 * @property {'text' | 'json'} [logFormat]
 */

/** @typedef {ProjectOptions & CodeOptions & AddressOptions} ServeOptions */

/**
 * @param {object} actions
 * @param {(mode: 'start' | 'dev', options: ServeOptions) => Promise<void>} actions.serve
 * @param {(options: ProjectOptions) => Promise<void>} actions.verify
 * @param {(options: ProjectOptions & {env?: string}) => Promise<void>} actions.listMigrations
 * @param {(options: {directory: string, javascript?: boolean}) => void} actions.init
 * @returns {Command}
 */
function makeProgram({ serve, verify, listMigrations, init }) {
  const program = new (commander().Command)('holdfast')
    .description('Runs Cloudflare Workers and Durable Objects projects in Node.js')
    .version(ownPackage().version);
  addServe(program.command('start').description('serve a project'), (options) =>
    serve('start', options),
  );
  addServe(
    program.command('dev').description('serve a project and reload it when a file changes'),
    (options) => serve('dev', options),
  );
  addOptions(
    program.command('verify').description('check stored data while nothing uses it'),
    projectOptions,
  ).action((project, options) => verify({ ...options, project }));
  const migrations = program.command('migrations').description('migrations of stored data');
  addOptions(
    migrations.command('list').description('say which were applied, and which are to come'),
    [...projectOptions, environmentOption],
  ).action((project, options) => listMigrations({ ...options, project }));
  program
    .command('init')
    .description('make a new project: a counter in TypeScript, with a test')
    .argument('[directory]', 'where', '.')
    .option('--javascript', 'in JavaScript')
    .action((directory, options) => init({ ...options, directory }));
  return program;
}

/**
 * @param {Command} command
 * @param {(options: ServeOptions) => Promise<void>} action
 */
function addServe(command, action) {
  addOptions(command, serveOptions).action((project, options) =>
    action({ var: {}, ...options, project }),
  );
}

/** @param {Command} command @param {readonly import('./option-table').OptionRow[]} rows */
function addOptions(command, rows) {
  const { Option } = commander();
  command.argument('[project]', 'directory, wrangler config, or entry file', undefined);
  for (const { flags, description, parse, choices } of rows) {
    const option = new Option(flags, description);
    if (parse) option.argParser(parse);
    if (choices) option.choices(choices);
    command.addOption(option);
  }
  return command;
}

module.exports = { makeProgram };
