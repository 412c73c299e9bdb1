// The subject: starts Holdfast's command line on one program, configured as a user would.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { programsDir, sharedModules, workerName, writeFiles } from './programs.mjs';
import { ServerProcess } from './server-process.mjs';

const commandLine = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
const stdoutFd = 1;
const stop = { signal: 'SIGTERM', ends: 'exit code 0' };

/**
 * @param {import('./programs.mjs').Program} program
 * @param {string} workDir holds the data of an earlier start, or nothing
 * @returns {Promise<import('./run-program.mjs').RunningServer>}
 */
export async function startHoldfast(program, workDir) {
  const projectDir = path.join(workDir, 'project');
  await mkdir(path.dirname(path.join(projectDir, program.entry)), { recursive: true });
  await cp(path.join(programsDir, program.entry), path.join(projectDir, program.entry));
  for (const name of sharedModules)
    await cp(path.join(programsDir, name), path.join(projectDir, name));
  await writeFiles(program.config, projectDir);
  await writeFile(
    path.join(projectDir, 'wrangler.json'),
    JSON.stringify(wranglerConfig(program), null, 2),
  );
  const args = [
    commandLine,
    program.config.development ? 'dev' : 'start',
    projectDir,
    '--port',
    '0',
    '--data-dir',
    path.join(workDir, 'data'),
  ];
  const server = new ServerProcess(workDir, process.execPath, args, ['ignore', 'pipe', 'pipe']);
  try {
    const port = await server.waitForLine(stdoutFd, (line) => {
      const ready = /^Ready on http:\/\/\S+:(\d+)$/.exec(line);
      return ready ? Number(ready[1]) : undefined;
    });
    return { port, process: server, stop };
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
}

function wranglerConfig({ entry, config }) {
  const classes = Object.entries(config.classes);
  return {
    name: workerName,
    ...(config.hasCode ? { main: entry } : {}),
    compatibility_date: config.compatibilityDate,
    compatibility_flags: config.compatibilityFlags,
    vars: config.vars,
    ...config.wrangler,
    services: Object.entries(config.services).map(([binding, to]) => ({
      binding,
      service: workerName,
      ...to,
    })),
    durable_objects: {
      bindings: Object.entries(config.bindings).map(([name, className]) => ({
        name,
        class_name: className,
      })),
    },
    migrations: [
      {
        tag: 'v1',
        new_classes: classes.filter(([, { sqlite }]) => !sqlite).map(([name]) => name),
        new_sqlite_classes: classes.filter(([, { sqlite }]) => sqlite).map(([name]) => name),
      },
    ],
  };
}
