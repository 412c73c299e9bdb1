// The oracle: starts workerd (npm package `workerd`) on one program; within miniflare when the program has bindings that workerd
// alone has not.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import workerd from 'workerd';
import { startMiniflare } from './miniflare.mjs';
import { programsDir, sharedModules, workerName, writeFiles } from './programs.mjs';
import { ServerProcess } from './server-process.mjs';

const controlFd = 3;
// workerd drains for as long as a hibernatable socket is open; the oracle's exit is not under test.
const stop = { signal: 'SIGKILL', ends: 'SIGKILL' };

/**
 * @param {import('./programs.mjs').Program} program
 * @param {string} workDir holds the data of an earlier start, or nothing
 * @returns {Promise<import('./run-program.mjs').RunningServer>}
 */
export async function startWorkerd(program, workDir) {
  if (program.config.miniflare) return startMiniflare(program, workDir);
  await mkdir(path.join(workDir, 'data'), { recursive: true });
  await cp(path.join(programsDir, program.entry), path.join(workDir, 'entry.js'));
  for (const name of sharedModules)
    await cp(path.join(programsDir, name), path.join(workDir, name));
  await writeFiles(program.config, workDir);
  await writeFile(
    path.join(workDir, 'config.capnp'),
    capnpConfig(program, path.join(workDir, 'data')),
  );
  const args = ['serve', '--experimental', `--control-fd=${controlFd}`, 'config.capnp'];
  const server = new ServerProcess(workDir, workerd.default, args, [
    'ignore',
    'pipe',
    'pipe',
    'pipe',
  ]);
  try {
    const port = await server.waitForLine(controlFd, (line) => {
      const message = JSON.parse(line);
      return message.event === 'listen' ? message.port : undefined;
    });
    return { port, process: server, stop };
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
}

function capnpConfig({ entry, config }, dataDir) {
  const bindings = [
    ...Object.entries(config.bindings).map(
      ([name, className]) => `(name = ${text(name)}, durableObjectNamespace = ${text(className)})`,
    ),
    ...Object.entries(config.services).map(
      ([name, { entrypoint, props }]) =>
        `(name = ${text(name)}, service = (name = ${text(workerName)}${
          entrypoint === undefined ? '' : `, entrypoint = ${text(entrypoint)}`
        }${props === undefined ? '' : `, props = (json = ${text(JSON.stringify(props))})`}))`,
    ),
    ...Object.entries(config.vars).map(([name, value]) =>
      typeof value === 'string'
        ? `(name = ${text(name)}, text = ${text(value)})`
        : `(name = ${text(name)}, json = ${text(JSON.stringify(value))})`,
    ),
    ...fileBindings(config.wrangler),
  ];
  const namespaces = Object.entries(config.classes).map(
    ([className, { sqlite }]) =>
      `(className = ${text(className)}, uniqueKey = ${text(`${workerName}-${className}`)}, enableSql = ${sqlite})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = ${text(workerName)}, worker = (
${config.serviceWorker ? '      serviceWorkerScript = embed "entry.js",' : modules(entry)}
      compatibilityDate = ${text(config.compatibilityDate)},
      compatibilityFlags = [${config.compatibilityFlags.map(text).join(', ')}],
      bindings = [${bindings.join(', ')}],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "data"),
    )),
${config.localNetwork ? '    (name = "internet", network = (allow = ["public", "private", "local"])),\n' : ''}    (name = "data", disk = (path = ${text(dataDir)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = ${text(workerName)})],
);
`;
}

/** How wrangler's keys for files are called there. */
const fileKinds = { wasm_modules: 'wasmModule', text_blobs: 'text', data_blobs: 'data' };

function fileBindings(wrangler = {}) {
  return Object.entries(fileKinds).flatMap(([key, kind]) =>
    Object.entries(wrangler[key] ?? {}).map(
      ([name, file]) => `(name = ${text(name)}, ${kind} = embed ${text(file)})`,
    ),
  );
}

function modules(entry) {
  return `      modules = [
        (name = ${text(entry)}, esModule = embed "entry.js"),
${sharedModules.map((name) => `        (name = ${text(name)}, esModule = embed ${text(name)}),`).join('\n')}
      ],`;
}

/** Cap'n Proto text takes JSON's string syntax for what configurations contain. */
function text(value) {
  return JSON.stringify(value);
}
