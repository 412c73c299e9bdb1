// The benchmarks of sockets that are opened and then say nothing, or nothing for long.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { openIdleSockets } from './client.mjs';
import { residentBytes } from './process-tree.js';
import { startServer } from './servers.mjs';

const socketsFirst = 500; // opened before the measured ones: they pay for what is needed once
const sockets = 5_000;
const socketsMany = 19_000; // of the 20,000 descriptors that a process may have
const socketsPerObject = 50;
// Both runtimes let an idle object go after 10 s. Nothing but time makes it so, and nothing outside tells.
// And an idle process takes some more seconds until it has given back what a burst of sockets left.
const evictionMs = 25_000;
const wakeUps = 1_000; // the first few find cold code: of 200 they would be the last percentile

/**
 * @typedef {import('./benchmarks.mjs').Round} Round
 * @typedef {import('./benchmarks.mjs').Benchmark} Benchmark
 * @typedef {import('./statistics.js').Metrics} Metrics
 */

/** @param {number} port @param {string} kind @param {number} count */
function open(port, kind, count) {
  const path = `/ws/${kind}-{0..${count / socketsPerObject - 1}}`;
  return openIdleSockets({ port, connections: count, path });
}

/** @param {(() => Promise<number>)[]} release */
async function letGo(release) {
  for (const one of release) {
    const lost = await one();
    if (lost > 0) throw new Error(`${lost} idle sockets were lost`);
  }
}

/**
 * @param {Round} round
 * @param {(server: import('./servers.mjs').Server) => Promise<Metrics>} measure
 */
async function onServer({ side, dir }, measure) {
  const server = await startServer(side, dir, 'node-ws');
  try {
    return await measure(server);
  } finally {
    await server.stop();
  }
}

/** @param {number} count @returns {(round: Round) => Promise<Metrics>} */
function memoryOf(count) {
  return (round) =>
    onServer(round, async ({ pid, port }) => {
      const release = [await open(port, 'first', socketsFirst)];
      const before = residentBytes(pid);
      const begin = performance.now();
      release.push(await open(port, 'idle', count));
      const seconds = (performance.now() - begin) / 1_000;
      const awake = residentBytes(pid);
      await delay(evictionMs);
      const after = residentBytes(pid);
      await letGo(release);
      await delay(evictionMs);
      const closed = residentBytes(pid);
      return {
        bytes_per_socket: (after - before) / count,
        bytes_per_socket_awake: (awake - before) / count,
        bytes_per_socket_closed: (closed - before) / count,
        resident_mb: after / 2 ** 20,
        connects_per_s: count / seconds,
      };
    });
}

/**
 * One message after another, each to a socket whose object is not in memory.
 * @param {Round} round
 * @returns {Promise<Metrics>}
 */
function measureWakeUp(round) {
  return onServer(round, async ({ port }) => {
    const clients = [];
    for (let i = 0; i < wakeUps; i += 1) {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws/wake-${i}`);
      await once(client, 'open');
      clients.push(client);
    }
    await delay(evictionMs);
    const tookUs = [];
    for (const client of clients) {
      const begin = performance.now();
      client.send('awake?');
      await once(client, 'message');
      tookUs.push((performance.now() - begin) * 1_000);
    }
    for (const client of clients) client.terminate();
    tookUs.sort((one, other) => one - other);
    const at = (/** @type {number} */ part) => tookUs[Math.ceil(part * wakeUps) - 1];
    return { p50_us: at(0.5), p99_us: at(0.99), max_us: at(1) };
  });
}

/** @param {number} count */
const memoryText = (count) =>
  `resident bytes for each of ${count} idle sockets, ${socketsPerObject} to an object, objects evicted; and after all closed`;

/** @type {Record<string, Benchmark>} */
export const idleSocketBenchmarks = {
  'ws/idle-memory': {
    does: memoryText(sockets),
    node: 'node-ws',
    ownServer: true,
    headline: ['bytes_per_socket', 'connects_per_s'],
    measure: memoryOf(sockets),
  },
  'ws/idle-memory-19000': {
    does: memoryText(socketsMany),
    node: 'node-ws',
    ownServer: true,
    headline: ['bytes_per_socket', 'connects_per_s'],
    measure: memoryOf(socketsMany),
  },
  'ws/wake-up': {
    does: `a message to a socket whose object is not in memory and its answer, ${wakeUps} objects in turn`,
    ownServer: true,
    headline: ['p50_us', 'p99_us'],
    measure: measureWakeUp,
  },
};
