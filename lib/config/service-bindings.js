// readServiceBindings: `services` of a config, checked (S7.7.2). Which of those Workers run is known to the runtime only.
'use strict';

const { isTable } = require('./config-document');

/**
 * @typedef {object} ServiceBinding
 * @property {string} name The property of `env`.
 * @property {string} service The name of the Worker.
 * @property {string} entrypoint The export it leads to.
 * @property {object} props What the entrypoint sees as `ctx.props`.
 */

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {ServiceBinding[]}
 * @throws {import('./config-error').ConfigError}
 */
function readServiceBindings(section) {
  const value = section.data.services;
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw section.error(
      ['services'],
      `The field "services" should be an array, but got ${JSON.stringify(value)}.`,
    );
  }
  return value.map((entry, index) => {
    const fields = isTable(entry) ? entry : {};
    const { binding, service, environment, entrypoint = 'default', props = {} } = fields;
    const problems = [];
    if (typeof binding !== 'string' || binding === '')
      problems.push('binding should have a string "binding" field.');
    if (typeof service !== 'string') problems.push('binding should have a string "service" field.');
    if (typeof entrypoint !== 'string')
      problems.push('the field "entrypoint", when present, should be a string.');
    if (!isTable(props)) problems.push('the field "props", when present, should be an object.');
    if (problems.length)
      throw section.error(['services', index], `"services[${index}]": ${problems.join(' ')}`);
    return {
      name: String(binding),
      // An older way to name a Worker's environment; a Worker of one is called like this.
      service: typeof environment === 'string' ? `${service}-${environment}` : String(service),
      entrypoint: String(entrypoint),
      props: JSON.parse(JSON.stringify(props)),
    };
  });
}

module.exports = { readServiceBindings };
