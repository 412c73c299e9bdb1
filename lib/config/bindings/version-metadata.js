// readVersionMetadata: `version_metadata` of a config (S8.7.1).
'use strict';

const { readEntries } = require('./binding-list');

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {string | undefined} the property of `env` */
function readVersionMetadata(section) {
  const { version_metadata: value } = section.data;
  if (value === undefined) return undefined;
  const [{ binding }] = readEntries(section, ['version_metadata'], [value], { binding: 'string' });
  return binding;
}

module.exports = { readVersionMetadata };
