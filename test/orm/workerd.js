// startWorkerd: the project of this folder on workerd, bundled the plain way.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const esbuild = require('esbuild');
const { temporaryDirectory } = require('../support/server');

const PROGRAM = require('workerd').default;
const CLASSES = { DRIZZLED: 'Drizzled', KYSELIED: 'Kyselied' };
const CONTROL_FD = 3;

const config = (/** @type {string} */ data) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "orm", worker = (
      modules = [(name = "index.js", esModule = embed "index.js")],
      compatibilityDate = "2026-08-25",
      bindings = [${Object.entries(CLASSES)
        .map(([name, of]) => `(name = "${name}", durableObjectNamespace = "${of}")`)
        .join(', ')}],
      durableObjectNamespaces = [${Object.values(CLASSES)
        .map((name) => `(className = "${name}", uniqueKey = "orm-${name}", enableSql = true)`)
        .join(', ')}],
      durableObjectStorage = (localDisk = "data"),
    )),
    (name = "data", disk = (path = ${JSON.stringify(data)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "orm")],
);
`;

/**
 * @param {string} entry
 * @returns {Promise<{url: string, kill: () => void}>}
 */
async function startWorkerd(entry) {
  const directory = temporaryDirectory('orm-workerd');
  const data = path.join(directory, 'data');
  fs.mkdirSync(data);
  await esbuild.build({
    entryPoints: [entry],
    outfile: path.join(directory, 'index.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.sql': 'text' },
    logLevel: 'error',
  });
  fs.writeFileSync(path.join(directory, 'config.capnp'), config(data));
  const args = ['serve', '--experimental', `--control-fd=${CONTROL_FD}`, 'config.capnp'];
  const child = spawn(PROGRAM, args, {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const [line] = await once(/** @type {any} */ (child.stdio[CONTROL_FD]), 'data');
  const { port } = JSON.parse(String(line).split('\n')[0]);
  return { url: `http://127.0.0.1:${port}`, kill: () => child.kill('SIGKILL') };
}

module.exports = { startWorkerd };
