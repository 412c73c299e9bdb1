// boundRuntime: a runtime of a small Worker whose config has the bindings under test; `runtime.env` has them.
'use strict';

const { createRuntime } = require('./runtime');
const { makeProject } = require('./project-files');

/**
 * @param {object} config more keys of the config
 * @param {{source?: string, files?: Record<string, string | object>} & Record<string, any>} [options] more options of createRuntime
 * @returns {Promise<any>} the runtime; the caller closes it
 */
function boundRuntime(config, options = {}) {
  const {
    source = 'export default { fetch: () => new Response("ok") };',
    files,
    ...rest
  } = options;
  const directory = makeProject({
    'worker.js': source,
    'wrangler.json': { main: 'worker.js', compatibility_date: '2026-08-25', ...config },
    ...files,
  });
  return createRuntime({ config: directory, ...rest });
}

module.exports = { boundRuntime };
