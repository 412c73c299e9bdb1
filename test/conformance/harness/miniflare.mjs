// The oracle of bindings: miniflare (npm package `miniflare`), which runs workerd with its own simulators behind it.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { programsDir, sharedModules, workerName, writeFiles } from './programs.mjs';
import { ServerProcess } from './server-process.mjs';

const program = fileURLToPath(new URL('./miniflare-server.mjs', import.meta.url));
const stop = { signal: 'end of input', ends: 'exit code 0' };

/**
 * @param {import('./programs.mjs').Program} program
 * @param {string} workDir holds the data of an earlier start, or nothing
 * @returns {Promise<import('./run-program.mjs').RunningServer>}
 */
export async function startMiniflare({ entry, config }, workDir) {
  const optionsFile = path.join(workDir, 'options.json');
  await writeFiles(config, workDir);
  await writeFile(optionsFile, JSON.stringify(await miniflareOptions(entry, config, workDir)));
  const server = new ServerProcess(
    workDir,
    process.execPath,
    [program, optionsFile],
    ['pipe', 'pipe', 'pipe'],
  );
  try {
    const port = await server.waitForLine(1, (line) => {
      const ready = /^Ready on port (\d+)$/.exec(line);
      return ready ? Number(ready[1]) : undefined;
    });
    return { port, process: server, stop };
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
}

async function miniflareOptions(entry, config, workDir) {
  const modules = [entry, ...sharedModules].map(async (name) => ({
    type: 'ESModule',
    path: path.join(workDir, name),
    contents: await readFile(path.join(programsDir, name), 'utf8'),
  }));
  const classes = Object.entries(config.bindings).map(([name, className]) => [
    name,
    { className, useSQLite: config.classes[className].sqlite },
  ]);
  return {
    name: workerName,
    modulesRoot: workDir,
    modules: await Promise.all(modules),
    compatibilityDate: config.compatibilityDate,
    compatibilityFlags: config.compatibilityFlags,
    bindings: config.vars,
    durableObjects: Object.fromEntries(classes),
    resourcePersistencePath: path.join(workDir, 'state'),
    ...assetOptions(config, workDir),
    ...siteOptions(config, workDir),
    ...config.miniflare,
  };
}

function siteOptions({ wrangler: { site } = {} }, workDir) {
  if (site === undefined) return {};
  const { bucket, include, exclude } = site;
  return { sitePath: path.join(workDir, bucket), siteInclude: include, siteExclude: exclude };
}

/** wrangler gives miniflare what it reads from its config in this form. */
function assetOptions({ wrangler: { assets } = {}, hasCode }, workDir) {
  if (assets === undefined) return {};
  const { directory, binding, run_worker_first, ...assetConfig } = assets;
  return {
    assets: {
      directory: path.join(workDir, directory),
      binding,
      run_worker_first,
      assetConfig,
      routerConfig: { has_user_worker: hasCode },
    },
  };
}
