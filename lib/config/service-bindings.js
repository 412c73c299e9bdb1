// readServiceBindings: the `services` of a config that name the Worker itself (S7.7.2). Those of other Workers stay unsupported.
'use strict';

const { isTable } = require('./config-document');

/**
 * @typedef {object} ServiceBinding
 * @property {string} name The property of `env`.
 * @property {string} entrypoint The export it leads to.
 * @property {object} props What the entrypoint sees as `ctx.props`.
 */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @param {string} workerName
 * @returns {ServiceBinding[]}
 * @throws {import('./config-error').ConfigError}
 */
function readServiceBindings(section, workerName) {
  const value = section.data.services;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw section.error(
      ['services'],
      `The field "services" should be an array, but got ${JSON.stringify(value)}.`,
    );
  }
  return value.flatMap((entry, index) => {
    if (!isTable(entry) || entry.service !== workerName) return [];
    const { binding, entrypoint = 'default', props = {} } = entry;
    const problems = [];
    if (typeof binding !== 'string' || binding === '')
      problems.push('binding should have a string "binding" field.');
    if (typeof entrypoint !== 'string')
      problems.push('the field "entrypoint", when present, should be a string.');
    if (!isTable(props)) problems.push('the field "props", when present, should be an object.');
    if (problems.length)
      throw section.error(['services', index], `"services[${index}]": ${problems.join(' ')}`);
    return [
      {
        name: String(binding),
        entrypoint: String(entrypoint),
        props: JSON.parse(JSON.stringify(props)),
      },
    ];
  });
}

module.exports = { readServiceBindings };
