// The command line: which commands and options there are, and what they mean.
'use strict';

const { Command, InvalidArgumentError, Option } = require('commander');
const { version } = require('../../package.json');

/** A hundred years. */
const kRetentionDaysMax = 36_500;

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
  const program = new Command('holdfast')
    .description('Runs Cloudflare Workers and Durable Objects projects in Node.js')
    .version(version);
  addServe(program.command('start').description('serve a project'), (options) =>
    serve('start', options),
  );
  addServe(
    program.command('dev').description('serve a project and reload it when a file changes'),
    (options) => serve('dev', options),
  );
  addProject(
    program.command('verify').description('check stored data while nothing uses it'),
  ).action((project, options) => verify({ ...options, project }));
  const migrations = program.command('migrations').description('migrations of stored data');
  addProject(
    migrations.command('list').description('say which were applied, and which are to come'),
  )
    .option('-e, --env <name>', 'environment of the config')
    .action((project, options) => listMigrations({ ...options, project }));
  program
    .command('init')
    .description('make a new project: a counter in TypeScript, with a test')
    .argument('[directory]', 'where', '.')
    .option('--javascript', 'in JavaScript')
    .action((directory, options) => init({ ...options, directory }));
  return program;
}

/** What says where the data is. @param {Command} command */
function addProject(command) {
  return command
    .argument('[project]', 'directory, wrangler config, or entry file', undefined)
    .option(
      '-c, --config <file>',
      'wrangler config; several times for several Workers, the first takes the requests',
      (file, before = []) => [...before, file],
    )
    .option(
      '--data-dir <directory>',
      'where objects are stored (default: .holdfast beside the config)',
      parseDirectory,
    );
}

/**
 * @param {Command} command
 * @param {(options: ServeOptions) => Promise<void>} action
 */
function addServe(command, action) {
  addProject(command)
    .option('-e, --env <name>', 'environment of the config')
    .option(
      '-p, --port <number>',
      'port, 0 for a free one (default: dev.port of the config, or 8787)',
      parsePort,
    )
    .option('--host <address>', 'address (default: dev.ip of the config, or 127.0.0.1)')
    .option('--socket <path>', 'Unix-domain socket to listen on, instead of host and port')
    .option('--reuse-port', 'let other processes listen at the same address')
    .option('--tls-cert <file>', 'serve https with this certificate, read again when it changes')
    .option('--tls-key <file>', 'the key of the certificate')
    .option(
      '--trusted-proxies <number>',
      'proxies in front whose X-Forwarded headers are believed (default: 0)',
      parseCount,
    )
    .option('--var <key=value>', 'variable, may be given several times', parseVariable)
    .option(
      '--env-file <file>',
      'variables, in place of .dev.vars and .env; may be given several times, later ones win',
      (file, before = []) => [...before, file],
    )
    .option('--compatibility-date <date>', 'in place of compatibility_date of the config')
    .option('--compatibility-flags <flag...>', 'in place of compatibility_flags of the config')
    .option(
      '--idle-eviction-ms <number>',
      'how long an idle object stays in memory (default: 10000)',
      parseCount,
    )
    .option(
      '--retention-days <number>',
      'for how long earlier states of objects can be restored (default: 0, not at all)',
      parseDays,
    )
    .option('--delete-classes', 'let migrations delete stored data without asking')
    .option(
      '--adopt-migrations',
      'let the list of migrations replace the one that was applied; classes keep their data',
    )
    .option('--compression', 'compress WebSocket messages when the peer offers it')
    .addOption(
      new Option('--log-format <format>', 'what the log is written for').choices(['text', 'json']),
    )
    .option('--admin-port <number>', 'serve /health and /metrics on this port, too', parsePort)
    .option('--admin-host <address>', 'address of that port (default: 127.0.0.1)')
    .option('--admin-socket <path>', 'serve them on a Unix-domain socket instead', parseDirectory)
    .action((project, options) => action({ var: {}, ...options, project }));
}

/** @param {string} text */
function parsePort(text) {
  const port = parseCount(text);
  if (port > 65535) throw new InvalidArgumentError('It should be at most 65535.');
  return port;
}

/** An empty one, as an unset variable of a shell gives, would be the current directory. @param {string} text */
function parseDirectory(text) {
  if (text === '') throw new InvalidArgumentError('It should not be empty.');
  return text;
}

/** @param {string} text */
function parseCount(text) {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It should be a whole number.');
  return Number(text);
}

/** @param {string} text */
function parseDays(text) {
  const days = parseCount(text);
  if (days > kRetentionDaysMax)
    throw new InvalidArgumentError(`It should be at most ${kRetentionDaysMax}.`);
  return days;
}

/**
 * `KEY=VALUE`, or `KEY:VALUE` as wrangler writes it; the first of the two characters counts.
 * @param {string} text
 * @param {Record<string, string>} [before]
 */
function parseVariable(text, before) {
  const match = /^([^=:]+)[=:]([^]*)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It should look like KEY=VALUE.');
  return { ...before, [match[1]]: match[2] };
}

module.exports = { makeProgram };
