// The servers that are compared: each starts on a free port, says it is ready, and is pinned to one core.
import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fetched } from './fetched.mjs';
import { published } from './published.mjs';

const require = createRequire(import.meta.url);
const bench = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Built with the client (bench/CMakeLists.txt). */
const floorServer = path.join(bench, 'out/client/holdfast-bench-epoll-floor');
const workerDir = path.join(bench, 'worker');
const workerModules = ['worker.mjs', 'inside.mjs', 'alarms.mjs']; // the first one is the main module
const READY_MS_MAX = 30_000;

export const serverCore = 0;
export const clientCore = 1;
export const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** @param {number} core @param {string[]} command @returns {string[]} */
export function pinned(core, command) {
  return hasTaskset ? ['taskset', '-c', String(core), ...command] : command;
}

/**
 * @typedef {object} Server
 * @property {number} pid
 * @property {number} port
 * @property {string} adminSocket of Holdfast: where its metrics are
 * @property {() => void} pause it uses no CPU until resume()
 * @property {() => void} resume
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} Start
 * @property {string[]} command
 * @property {string} cwd
 * @property {Record<string, string>} [env] more of the environment
 * @property {number} readyFd where it says that it is ready
 * @property {(line: string) => number | undefined} portIn a line of that
 */

/** @param {string} dir */
const adminSocket = (dir) => path.join(dir, 'admin');

/** @type {Record<string, (dir: string, fixture: string) => Promise<Start>>} by side; `dir` is new and empty */
export const sides = {
  holdfast: async (dir) => ({
    command: [
      process.execPath,
      path.join(await published(), 'bin/holdfast.js'),
      ...['start', workerDir, '--port', '0', '--data-dir', path.join(dir, 'data')],
      ...['--admin-socket', adminSocket(dir)],
    ],
    cwd: dir,
    readyFd: 1,
    portIn: readyPort,
  }),
  workerd: async (dir) => {
    await mkdir(path.join(dir, 'data'));
    for (const name of workerModules)
      await copyFile(path.join(workerDir, name), path.join(dir, name));
    await writeFile(path.join(dir, 'config.capnp'), await capnpConfig());
    return {
      command: [
        require('workerd').default,
        'serve',
        '--experimental',
        '--control-fd=3',
        'config.capnp',
      ],
      cwd: dir,
      readyFd: 3,
      portIn: (line) => {
        const { event, port } = JSON.parse(line);
        return event === 'listen' ? port : undefined;
      },
    };
  },
  node: async (dir, fixture) => ({
    command: [process.execPath, path.join(bench, 'servers', `${fixture}.js`)],
    cwd: dir,
    readyFd: 1,
    portIn: readyPort,
  }),
  epoll: async (dir) => ({ command: [floorServer], cwd: dir, readyFd: 1, portIn: readyPort }),
  // The commands for development: `dir` is the project.
  'holdfast dev': async (dir) => ({
    command: [
      process.execPath,
      path.join(await published(), 'bin/holdfast.js'),
      'dev',
      '--port',
      '0',
    ],
    cwd: dir,
    readyFd: 1,
    portIn: readyPort,
  }),
  'wrangler dev': async (dir) => ({
    command: [
      ...[await nodeForWrangler(), path.join(bench, '../node_modules/wrangler/bin/wrangler.js')],
      ...['dev', '--port', '0', '--ip', '127.0.0.1'],
    ],
    cwd: dir,
    env: { CI: '1', WRANGLER_SEND_METRICS: 'false' },
    readyFd: 1,
    portIn: (line) => readyPort(line.slice(Math.max(0, line.indexOf('Ready on')))),
  }),
  'better-sqlite3': async (dir) => {
    const made = 'build/Release/better_sqlite3.node';
    return sqliteServer(dir, process.execPath, await fetched('better-sqlite3', '12', made));
  },
  // Of a Node.js that has it.
  'node:sqlite': async (dir) => {
    const directory = await fetched('node', '24', 'bin/node');
    return sqliteServer(dir, path.join(directory, 'node_modules/node/bin/node'), 'node:sqlite');
  },
};

/** It asks for Node.js 22. @returns {Promise<string>} */
async function nodeForWrangler() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  return path.join(await fetched('node', '24', 'bin/node'), 'node_modules/node/bin/node');
}

/** @param {string} dir @param {string} node @param {string} driver @returns {Start} */
function sqliteServer(dir, node, driver) {
  const program = path.join(bench, 'servers/sqlite-inside.mjs');
  return { command: [node, program, driver, dir], cwd: dir, readyFd: 1, portIn: readyPort };
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) killAll(child);
});

/**
 * @param {string} side
 * @param {string} dir for its data; created
 * @param {string} [fixture] which of bench/servers, for side `node`
 * @returns {Promise<Server>}
 */
export async function startServer(side, dir, fixture = 'node-http') {
  await mkdir(dir, { recursive: true });
  const { command, cwd, env, readyFd, portIn } = await sides[side](dir, fixture);
  const [program, ...args] = pinned(serverCore, command);
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, with the processes that it starts
  });
  running.add(child);
  let log = '';
  for (const fd of [1, 2]) {
    const output = /** @type {import('node:stream').Readable} */ (child.stdio[fd]);
    output.on('data', (chunk) => (log = (log + chunk).slice(-4_000)));
  }
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  }).then(() => running.delete(child));
  const port = await readPort(child, readyFd, portIn, ended, () => `${side}: ${log}`);
  return {
    pid: /** @type {number} */ (child.pid),
    port,
    adminSocket: adminSocket(dir),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    // The data is thrown away: nothing is gained from a graceful end.
    stop: async () => {
      killAll(child);
      await ended;
    },
  };
}

/**
 * Runs `use` beside a server of its own.
 * @template T
 * @param {{side: string, dir: string, fixture?: string}} options as of startServer()
 * @param {(server: Server) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withServer({ side, dir, fixture }, use) {
  const server = await startServer(side, dir, fixture);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** With all that it started. @param {import('node:child_process').ChildProcess} child */
function killAll(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

async function readPort(child, fd, portIn, ended, describe) {
  const lines = createInterface({ input: child.stdio[fd] });
  let timer;
  try {
    return await Promise.race([
      new Promise((resolve) => {
        lines.on('line', (line) => {
          const port = portIn(line);
          if (port !== undefined) resolve(port);
        });
      }),
      ended.then(() => {
        throw new Error(`the server ended before it was ready\n${describe()}`);
      }),
      new Promise((_resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`the server is not ready in ${READY_MS_MAX} ms\n${describe()}`)),
          READY_MS_MAX,
        );
      }),
    ]);
  } catch (error) {
    killAll(child);
    throw error;
  } finally {
    clearTimeout(timer);
    ended.catch(() => {});
  }
}

function readyPort(line) {
  const match = /^Ready on http:\/\/.*:(\d+)$/.exec(line);
  return match ? Number(match[1]) : undefined;
}

/** The project of bench/worker as `workerd serve` wants it: SQLite on a local disk. */
async function capnpConfig() {
  const config = JSON.parse(await readFile(path.join(workerDir, 'wrangler.json'), 'utf8'));
  const text = JSON.stringify; // Cap'n Proto text takes JSON's string syntax for what is in there
  const bindings = config.durable_objects.bindings.map(
    ({ name, class_name }) =>
      `(name = ${text(name)}, durableObjectNamespace = ${text(class_name)})`,
  );
  const namespaces = config.migrations
    .flatMap((migration) => migration.new_sqlite_classes)
    .map(
      (name) =>
        `(className = ${text(name)}, uniqueKey = ${text(`bench-${name}`)}, enableSql = true)`,
    );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "bench", worker = (
      modules = [${workerModules.map((name) => `(name = "${name}", esModule = embed "${name}")`).join(', ')}],
      compatibilityDate = ${text(config.compatibility_date)},
      bindings = [${bindings.join(', ')}],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "data"),
    )),
    (name = "data", disk = (path = "data", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bench")],
);
`;
}
