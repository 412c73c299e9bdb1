// The options of the commands that serve: their names, what they mean, and how their values are read.
//
// options.js makes the commands of them, plain-arguments.js reads them where nothing is unusual.
'use strict';

const { latePackage } = require('../late-package');
const { isSmtpAddress } = require('../mail/addresses');

/** @type {() => typeof import('commander')} */
const commander = latePackage('commander');

/** A hundred years. */
const kRetentionDaysMax = 36_500;

/**
 * @typedef {object} OptionRow
 * @property {string} flags as commander takes them: `-p, --port <number>`, or without a value `--compression`
 * @property {string} description
 * @property {(text: string, before?: any) => unknown} [parse] `before`: of the same option, given earlier
 * @property {string[]} [choices]
 * @property {boolean} [isPair] several may follow the option (spread-pairs.js)
 */

/** Where the project and its data are. @type {OptionRow[]} */
const projectOptions = [
  {
    flags: '-c, --config <file>',
    description: 'wrangler config; several times for several Workers, the first takes the requests',
    parse: (file, before = []) => [...before, file],
  },
  {
    flags: '--data-dir <directory>',
    description: 'where objects are stored (default: .holdfast beside the config)',
    parse: parseDirectory,
  },
];

/** @type {OptionRow} */
const environmentOption = {
  flags: '-e, --env <name>',
  description: 'environment of the config',
};

/** Of `start` and `dev`. @type {OptionRow[]} */
const serveOptions = [
  ...projectOptions,
  environmentOption,
  {
    flags: '-p, --port <number>',
    description: 'port, 0 for a free one (default: dev.port of the config, or 8787)',
    parse: parsePort,
  },
  {
    flags: '--host <address>',
    description: 'address (default: dev.ip of the config, or 127.0.0.1)',
  },
  {
    flags: '--socket <path>',
    description: 'Unix-domain socket to listen on, instead of host and port',
  },
  { flags: '--reuse-port', description: 'let other processes listen at the same address' },
  {
    flags: '--tls-cert <file>',
    description: 'serve https with this certificate, read again when it changes',
  },
  { flags: '--tls-key <file>', description: 'the key of the certificate' },
  {
    flags: '--trusted-proxies <number>',
    description: 'proxies in front whose X-Forwarded headers are believed (default: 0)',
    parse: parseCount,
  },
  {
    flags: '--var <key=value>',
    description: 'variable, or several: --var A=1 B=2',
    parse: parseVariable,
    isPair: true,
  },
  {
    flags: '--define <key:value>',
    description: 'replacement in the code, or several; beside those of the config',
    parse: parsePair,
    isPair: true,
  },
  {
    flags: '--alias <from:to>',
    description: 'another module for an import, or several; beside those of the config',
    parse: parsePair,
    isPair: true,
  },
  { flags: '--name <name>', description: 'name of the Worker, in place of that of the config' },
  {
    flags: '--env-file <file>',
    description:
      'variables, in place of .dev.vars and .env; may be given several times, later ones win',
    parse: (file, before = []) => [...before, file],
  },
  {
    flags: '--compatibility-date <date>',
    description: 'in place of compatibility_date of the config',
  },
  {
    flags: '--compatibility-flags <flag...>',
    description: 'in place of compatibility_flags of the config',
  },
  {
    flags: '--idle-eviction-ms <number>',
    description: 'how long an idle object stays in memory (default: 10000)',
    parse: parseCount,
  },
  {
    flags: '--retention-days <number>',
    description: 'for how long earlier states of objects can be restored (default: 0, not at all)',
    parse: parseDays,
  },
  {
    flags: '--delete-classes',
    description: 'let migrations delete stored data without asking',
  },
  {
    flags: '--adopt-migrations',
    description:
      'let the list of migrations replace the one that was applied; classes keep their data',
  },
  {
    flags: '--compression',
    description: 'compress WebSocket messages when the peer offers it',
  },
  {
    flags: '--smtp <url>',
    description:
      'SMTP server that mail leaves by: smtp://user:password@host:587 (default: HOLDFAST_SMTP_URL)',
    parse: parseSmtp,
  },
  {
    flags: '--log-format <format>',
    description: 'what the log is written for',
    choices: ['text', 'json'],
  },
  {
    flags: '--admin-port <number>',
    description: 'serve /health and /metrics on this port, too',
    parse: parsePort,
  },
  { flags: '--admin-host <address>', description: 'address of that port (default: 127.0.0.1)' },
  {
    flags: '--admin-socket <path>',
    description: 'serve them on a Unix-domain socket instead',
    parse: parseDirectory,
  },
];

/** @param {string} problem @returns {Error} that commander tells with the option's name */
const invalid = (problem) => new (commander().InvalidArgumentError)(problem);

/** @param {string} text */
function parsePort(text) {
  const port = parseCount(text);
  if (port > 65535) throw invalid('It should be at most 65535.');
  return port;
}

/** An empty one, as an unset variable of a shell gives, would be the current directory. @param {string} text */
function parseDirectory(text) {
  if (text === '') throw invalid('It should not be empty.');
  return text;
}

/** @param {string} text */
function parseSmtp(text) {
  if (!isSmtpAddress(text)) throw invalid('It should look like smtp://host:587.');
  return text;
}

/** @param {string} text */
function parseCount(text) {
  if (!/^\d{1,12}$/.test(text)) throw invalid('It should be a whole number.');
  return Number(text);
}

/** @param {string} text */
function parseDays(text) {
  const days = parseCount(text);
  if (days > kRetentionDaysMax) throw invalid(`It should be at most ${kRetentionDaysMax}.`);
  return days;
}

/**
 * `KEY=VALUE`, or `KEY:VALUE` as wrangler writes it; the first of the two characters counts.
 * @param {string} text
 * @param {Record<string, string>} [before]
 */
function parseVariable(text, before) {
  const match = /^([^=:]+)[=:]([^]*)$/.exec(text);
  if (!match) throw invalid('It should look like KEY=VALUE.');
  return { ...before, [match[1]]: match[2] };
}

/**
 * `KEY:VALUE`; what is behind the first colon is the value.
 * @param {string} text
 * @param {Record<string, string>} [before]
 */
function parsePair(text, before) {
  const match = /^([^:]+):([^]*)$/.exec(text);
  if (!match) throw invalid('It should look like KEY:VALUE.');
  return { ...before, [match[1]]: match[2] };
}

module.exports = { environmentOption, projectOptions, serveOptions };
