// readProjects: the Workers that the command line names: one, or several with `-c a.jsonc -c b.jsonc`.
'use strict';

const { loadConfig, resolveProject } = require('../config');
const { completeProcessEnv } = require('./process-env');

/**
 * The first takes the requests; the project, the entry file and the variables of the command line are its own, as in wrangler.
 * What a build tool built along with the project runs, too.
 * `.env` and the like of the current directory complete the environment of the process.
 * @param {import('./options').ProjectOptions & Partial<import('./options').CodeOptions>} options
 * @returns {import('../config/load-config').ResolvedConfig[]} at least one
 * @throws {import('../config').ConfigError}
 */
function readProjects({ project, config: [first, ...others] = [], env, envFile, ...given }) {
  completeProcessEnv(process.env, { directory: process.cwd(), env, envFile });
  const main = resolveProject({
    project,
    config: first,
    env,
    envFiles: envFile,
    name: given.name,
    vars: given.var,
    define: given.define,
    alias: given.alias,
    compatibility_date: given.compatibilityDate,
    compatibility_flags: given.compatibilityFlags,
  });
  return [main, ...[...main.auxiliary, ...others].map((file) => loadConfig(file, { env }))];
}

module.exports = { readProjects };
