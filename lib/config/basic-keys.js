// The keys that every config has: what the Worker is called, where its code is, which rules hold for it (S8.2).
'use strict';

const path = require('node:path');
const { optionalString } = require('./build-settings');
const { dateProblem, noDate, resolveCompatibility, toDate } = require('./compatibility');
const { isTable } = require('./config-document');

/** What a Worker without a name is called. */
const DEFAULT_NAME = 'worker';

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/** @param {Section} section */
function readName(section) {
  const { name } = section.data;
  if (name === undefined || name === '') return DEFAULT_NAME;
  if (typeof name === 'string' && /^[a-z0-9_][a-z0-9-_]*$/.test(name))
    return `${name}${section.nameSuffix}`;
  throw section.error(
    ['name'],
    `Expected "name" to be of type string, alphanumeric and lowercase with dashes only but got ${JSON.stringify(name)}.`,
  );
}

/**
 * Older configs name it elsewhere: Workers Sites, and `build.upload` of wrangler 1.
 * @param {Section} section
 * @param {string} projectDir
 * @returns {string | undefined}
 */
function readMain(section, projectDir) {
  const { main, build } = section.data;
  const siteEntry = readSiteEntry(section, projectDir);
  if (main !== undefined) {
    if (typeof main !== 'string' || main === '')
      throw section.error(['main'], `"main" should be a string, but got ${JSON.stringify(main)}.`);
    return path.resolve(projectDir, main);
  }
  if (siteEntry !== undefined) return siteEntry;
  const upload = isTable(build) && isTable(build.upload) ? build.upload : {};
  if (typeof upload.main !== 'string') return undefined;
  return path.resolve(projectDir, String(upload.dir ?? 'dist'), upload.main);
}

/** What the entry module of Workers Sites is called where nothing says so: a file, or the directory of an `index.js`. */
const SITE_ENTRY = 'workers-site';

/** @param {Section} section @param {string} projectDir @returns {string | undefined} absolute */
function readSiteEntry(section, projectDir) {
  const { main, site } = section.data;
  if (!isTable(site)) return undefined;
  const keyPath = ['site', 'entry-point'];
  const named = optionalString(section, keyPath, site['entry-point']);
  if (named && main !== undefined)
    throw section.error(keyPath, '"main" and "site.entry-point" are the same; remove the second.');
  if (main !== undefined) return undefined;
  const entry = named || SITE_ENTRY;
  return path.resolve(projectDir, path.extname(entry) ? entry : path.join(entry, 'index.js'));
}

/** @param {Section} section @returns {string[]} */
function readFlags(section) {
  const { compatibility_flags: flags = [] } = section.data;
  if (Array.isArray(flags) && flags.every((flag) => typeof flag === 'string')) return flags;
  throw section.error(
    ['compatibility_flags'],
    '"compatibility_flags" should be an array of strings.',
  );
}

/**
 * Whether it is a date at all; whether it is one of today's rules is for the environment that runs.
 * @param {Section} section
 * @returns {string | undefined}
 */
function readDate(section) {
  const { compatibility_date: date } = section.data;
  if (date === undefined) return undefined;
  // TOML has dates of its own: `compatibility_date = 2026-08-25` without quotes.
  const text = date instanceof Date ? date.toISOString().slice(0, 10) : date;
  if (typeof text === 'string' && !Number.isNaN(new Date(text).getTime())) return text;
  throw section.error(['compatibility_date'], noDate(date));
}

/** @param {Section} section @param {Date} now */
function readCompatibility(section, now) {
  const given = readDate(section);
  const date = given ?? toDate(now);
  const flags = readFlags(section);
  const warnings = given ? [] : [`No "compatibility_date"; today's is used: ${date}.`];
  const problem = dateProblem(date, now);
  if (problem) throw section.error(['compatibility_date'], problem);
  try {
    return { date, flags: resolveCompatibility(date, flags), warnings };
  } catch (error) {
    throw section.error(['compatibility_flags'], /** @type {Error} */ (error).message);
  }
}

/** @param {Section} section @returns {{ip?: string, port?: number}} */
function readDev(section) {
  const { dev = {} } = section.data;
  if (!isTable(dev)) throw section.error(['dev'], 'The field "dev" should be an object.');
  const { port } = dev;
  if (
    port !== undefined &&
    !(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65535)
  ) {
    throw section.error(
      ['dev', 'port'],
      `"dev.port" should be a port number, but got ${JSON.stringify(port)}.`,
    );
  }
  return {
    ip: optionalString(section, ['dev', 'ip'], dev.ip),
    port: port === undefined ? undefined : Number(port),
  };
}

module.exports = {
  DEFAULT_NAME,
  readCompatibility,
  readDate,
  readDev,
  readFlags,
  readMain,
  readName,
};
