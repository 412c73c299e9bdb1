// The load client (bench/client) as a function.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clientCore, pinned } from './servers.mjs';

const bench = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const buildDir = path.join(bench, 'out/client');
const program = path.join(buildDir, 'holdfast-bench-client');

/** Builds the client, or brings it up to date. */
export function buildClient() {
  const configured = existsSync(path.join(buildDir, 'build.ninja'));
  const steps = [
    ...(configured ? [] : [['-S', bench, '-B', buildDir, '-G', 'Ninja']]),
    ['--build', buildDir, '-j2'],
  ];
  for (const args of steps) {
    const { status, stdout, stderr } = spawnSync('cmake', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`cmake ${args.join(' ')} failed\n${stdout}${stderr}`);
  }
}

/** @typedef {Record<string, string | number | (string | number)[]>} ClientOptions without the dashes */

/** @param {string} mode @param {ClientOptions} options @returns {string[]} */
function commandOf(mode, options) {
  const args = Object.entries(options).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [`--${name}`, String(value)]),
  );
  return pinned(clientCore, [program, mode, ...args]);
}

/**
 * @typedef {object} Load one line of the client
 * @property {number} ops
 * @property {number} seconds
 * @property {number} ops_per_s
 * @property {number} p50_us
 * @property {number} p99_us
 * @property {number} max_us
 * @property {number} client_cpu_us
 * @property {number} [server_cpu_us]
 * @property {number} errors
 * @property {string} [first_error]
 */

/**
 * @param {string} mode
 * @param {ClientOptions} options
 * @returns {Promise<Load>} rejects when the client fails, when nothing succeeded or anything did not
 */
export async function runLoad(mode, options) {
  const [command, ...args] = commandOf(mode, options);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(complaint.trim());
  const load = JSON.parse(output);
  if (load.errors > 0) throw new Error(`${load.errors} errors, the first: ${load.first_error}`);
  if (load.ops === 0) throw new Error('nothing was answered');
  return load;
}

/**
 * Opens sockets and holds them.
 * @param {ClientOptions} options
 * @returns {Promise<() => Promise<number>>} when all are open: a function that lets go and says how many were lost
 */
export async function openIdleSockets(options) {
  const [command, ...args] = commandOf('idle', options);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error(complaint.trim());
  return async () => {
    child.stdin.end();
    const last = await lines.next();
    if (last.done) throw new Error(complaint.trim());
    return JSON.parse(last.value).lost;
  };
}
