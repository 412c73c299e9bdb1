// The benchmarks of sockets that are opened and then say nothing, or nothing for long.
import { setTimeout as delay } from 'node:timers/promises';
import { openIdleSockets, runLoad } from './client.mjs';
import { residentBytes } from './process-tree.js';
import { withServer } from './servers.mjs';

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

/** @param {number} count @returns {(round: Round) => Promise<Metrics>} */
function memoryOf(count) {
  return (round) =>
    withServer({ ...round, fixture: 'node-ws' }, async ({ pid, port }) => {
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
  return withServer(round, async ({ port }) => {
    const run = await runLoad('wake', {
      port,
      connections: wakeUps,
      path: '/ws/wake-{n}',
      'warm-up': evictionMs / 1_000,
    });
    return { p50_us: run.p50_us, p99_us: run.p99_us, max_us: run.max_us };
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
