// readRatelimits: `ratelimits` of a config (S8.7.1).
'use strict';

const { readEntries } = require('./binding-list');

/** @typedef {{name: string, namespace: string, limit: number, period: 10 | 60}} RatelimitBinding `period` in seconds */

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {RatelimitBinding[]} */
function readRatelimits(section) {
  const path = ['ratelimits'];
  const fields = { name: 'string', namespace_id: 'string', simple: 'object' };
  const entries = readEntries(section, path, section.data.ratelimits, fields);
  return entries.map(({ name, namespace_id: namespace, simple }, index) => {
    const { limit, period } = simple ?? {};
    if (typeof limit === 'number' && (period === 10 || period === 60))
      return { name, namespace, limit, period };
    throw section.error(
      [...path, index],
      `"ratelimits[${index}]": "simple" should have a number "limit" and a "period" of 10 or 60.`,
    );
  });
}

module.exports = { readRatelimits };
