// readSite: `site` of a config, Workers Sites (S8.7.1).
'use strict';

const path = require('node:path');
const { isTable } = require('../config-document');

/**
 * @typedef {object} SiteSettings
 * @property {string} directory absolute
 * @property {string[]} include globs; when there are any, only what they match is there
 * @property {string[]} exclude globs; they count when nothing is included
 */

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} projectDir
 * @returns {SiteSettings | undefined}
 * @throws {import('../config-error').ConfigError} with wrangler's texts
 */
function readSite(section, projectDir) {
  const { site } = section.data;
  if (site === undefined) return undefined;
  if (!isTable(site)) throw section.error(['site'], 'The field "site" should be an object.');
  const { bucket } = site;
  if (bucket === undefined) throw section.error(['site'], '"site.bucket" is a required field.');
  if (typeof bucket !== 'string') throw wrongType(section, 'bucket', 'string', bucket);
  return {
    // A build command may make it.
    directory: path.resolve(projectDir, bucket),
    include: globs(section, 'include', site),
    exclude: globs(section, 'exclude', site),
  };
}

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} key
 * @param {import('../config-document').Table} site
 * @returns {string[]}
 */
function globs(section, key, { [key]: value = [] }) {
  if (Array.isArray(value) && value.every((glob) => typeof glob === 'string')) return value;
  throw wrongType(section, key, 'array of strings', value);
}

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} key
 * @param {string} type
 * @param {unknown} value
 */
const wrongType = (section, key, type, value) =>
  section.error(
    ['site', key],
    `Expected "site.${key}" to be of type ${type} but got ${JSON.stringify(value)}.`,
  );

module.exports = { readSite };
