// What objects that were written once cost when they are idle, and what others notice of it.
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { runLoad } from './client.mjs';
import { residentBytes } from './process-tree.js';
import { withServer } from './servers.mjs';

const connections = 64;
const objectsFirst = 2_000; // made before the measured ones: they pay for what is needed once
const objects = 10_000;
const fewObjects = 1_000;
const bareObjects = 100_000; // made faster than they are evicted
/** Objects rest 2 s after their last use, their files are written a little later, and both runtimes let them go after 10 s. */
const restMs = 6_000;
const evictionMs = 30_000;

/**
 * @typedef {import('./benchmarks.mjs').Round} Round
 * @typedef {import('./benchmarks.mjs').Benchmark} Benchmark
 * @typedef {import('./statistics.js').Metrics} Metrics
 */

/** @param {number} port @param {string} kind @param {number} requests objects with one put each */
const make = (port, kind, requests) =>
  runLoad('http', { port, connections, requests, path: `/put/${kind}-{n}`, expect: 'count' });

/** @param {Round} round @returns {Promise<Metrics>} */
function memory(round) {
  return withServer(round, async ({ pid, port }) => {
    await make(port, 'first', objectsFirst);
    await delay(evictionMs);
    const before = residentBytes(pid);
    await make(port, 'idle', objects);
    await delay(restMs);
    const idle = residentBytes(pid);
    await delay(evictionMs);
    const evicted = residentBytes(pid);
    return {
      bytes_per_object: (idle - before) / objects,
      bytes_per_object_evicted: (evicted - before) / objects,
    };
  });
}

/** Of objects that have no storage. @param {Round} round @returns {Promise<Metrics>} */
function bareMemory(round) {
  return withServer(round, async ({ pid, port }) => {
    const touch = (/** @type {string} */ kind, /** @type {number} */ requests) =>
      runLoad('http', { port, connections, requests, path: `/cold/${kind}-{n}`, expect: 'ok' });
    await touch('first', bareObjects);
    await delay(evictionMs);
    const before = residentBytes(pid);
    await touch('idle', bareObjects);
    await delay(restMs);
    const idle = residentBytes(pid);
    return { bytes_per_object: (idle - before) / bareObjects };
  });
}

/**
 * Requests to a Worker, one after the other, from when the objects are written until they are gone.
 * @param {Round} round
 * @returns {Promise<Metrics>}
 */
function pauses(round) {
  return withServer(round, async ({ port }) => {
    await runLoad('http', { port, connections: 1, requests: 2_000, path: '/hello' }); // compiled
    await make(port, 'idle', fewObjects);
    const agent = new http.Agent({ keepAlive: true });
    const tookMs = [];
    const end = performance.now() + evictionMs / 2;
    while (performance.now() < end) {
      const begin = performance.now();
      await ask(agent, port);
      tookMs.push(performance.now() - begin);
      await delay(1);
    }
    agent.destroy();
    tookMs.sort((one, other) => one - other);
    const at = (/** @type {number} */ part) =>
      tookMs[Math.min(Math.ceil(part * tookMs.length), tookMs.length) - 1];
    return { p50_ms: at(0.5), p999_ms: at(0.999), max_ms: at(1) };
  });
}

/** @param {http.Agent} agent @param {number} port @returns {Promise<void>} */
function ask(agent, port) {
  return new Promise((resolve, reject) => {
    http
      .get({ agent, port, path: '/hello' }, (response) => response.resume().once('end', resolve))
      .once('error', reject);
  });
}

/** @type {Record<string, Benchmark>} */
export const idleObjectBenchmarks = {
  'actor/idle-memory': {
    does: `resident bytes for each of ${bareObjects} idle objects without storage, as many before them evicted`,
    ownServer: true,
    against: [], // workerd makes some hundred new objects a second: they would not be there together
    headline: ['bytes_per_object'],
    measure: bareMemory,
  },
  'storage/idle-memory': {
    does: `resident bytes for each of ${objects} objects with one put each, at rest, and when they are evicted`,
    ownServer: true,
    headline: ['bytes_per_object', 'bytes_per_object_evicted'],
    measure: memory,
  },
  'storage/idle-pause': {
    does: `how long a request to a Worker takes while ${fewObjects} written objects go idle and are evicted`,
    ownServer: true,
    headline: ['p50_ms', 'p999_ms', 'max_ms'],
    measure: pauses,
  },
};
