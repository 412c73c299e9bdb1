// readProjects: the Workers that the command line names: one, or several with `-c a.jsonc -c b.jsonc`.
'use strict';

const { loadConfig, resolveProject } = require('../config');

/**
 * The first takes the requests; the project, the entry file and the variables of the command line are its own, as in wrangler.
 * @param {import('./options').ProjectOptions & {env?: string, var?: Record<string, string>}} options
 * @returns {import('../config/load-config').ResolvedConfig[]} at least one
 * @throws {import('../config').ConfigError}
 */
function readProjects({ project, config: [first, ...others] = [], env, var: vars }) {
  return [
    resolveProject({ project, config: first, env, vars }),
    ...others.map((file) => loadConfig(file, { env })),
  ];
}

module.exports = { readProjects };
