// What wrangler makes of configurations, for tests that compare: a process of its own, for wrangler changes the process it is in and reads the
// variables of its environment. Standard input: a list of jobs as JSON; standard output: the list of what came of them.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { unstable_readConfig, unstable_getMiniflareWorkerOptions } = require('wrangler');

/**
 * @param {object} job
 * @param {string} job.directory where wrangler is run
 * @param {string} [job.config] as `--config`
 * @param {string} [job.env] as `--env`
 * @param {string[]} [job.envFiles] as `--env-file`
 * @param {Record<string, string>} job.processEnv
 */
function answer({ directory, config: file, env, envFiles, processEnv }) {
  process.chdir(directory);
  const before = { ...process.env };
  Object.assign(process.env, processEnv);
  try {
    const config = unstable_readConfig(
      { config: file, env },
      { hideWarnings: true, useRedirectIfAvailable: true },
    );
    if (config.configPath === undefined) throw new Error('There is no configuration.');
    const name = env ?? processEnv.CLOUDFLARE_ENV;
    const { workerOptions } = unstable_getMiniflareWorkerOptions(config, name, { envFiles });
    return { config, options: workerOptions };
  } catch (error) {
    return { error: `${error.message}` };
  } finally {
    for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
    Object.assign(process.env, before);
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const jobs = JSON.parse(Buffer.concat(chunks).toString());
process.stdout.write(JSON.stringify(jobs.map(answer)));
