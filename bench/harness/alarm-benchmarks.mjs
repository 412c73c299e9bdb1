// Alarms that are due at the same moment: how late they run, and how fast they are over.
import { setTimeout as wait } from 'node:timers/promises';
import { runLoad } from './client.mjs';

const alarmsPerRequest = 250;
const farMs = 86_400_000;
const spareMs = 2_000;
const pollMs = 50;
const drainMsMax = 300_000;
const connections = 16;
const evictedMs = 15_000; // an idle object leaves memory after 10 s on both

/** @param {number} port @param {string} what */
async function ask(port, what) {
  const response = await fetch(`http://127.0.0.1:${port}/alarms/${what}`);
  if (response.status !== 200) throw new Error(`/alarms/${what}: ${await response.text()}`);
  return /** @type {Promise<any>} */ (response.json());
}

/**
 * @param {number} port
 * @param {number} alarms
 * @param {number} at
 * @returns {Promise<number>} milliseconds it took
 */
async function setAll(port, alarms, at) {
  const begin = performance.now();
  for (let from = 0; from < alarms; from += alarmsPerRequest)
    await ask(port, `set-${from}-${from + alarmsPerRequest}-${at}`);
  return performance.now() - begin;
}

/** @param {number} port @returns {Promise<any>} when all have run */
async function drained(port) {
  for (const end = performance.now() + drainMsMax; performance.now() < end; await wait(pollMs)) {
    const state = await ask(port, 'state');
    if (state.p50 !== undefined) return state;
  }
  throw new Error('the alarms did not run');
}

/** Requests all the while. @param {number} port @param {() => boolean} isOver */
async function load(port, isOver) {
  while (!isOver())
    await runLoad('http', { port, connections, path: '/do/one', expect: 'ok', seconds: 0.5 });
}

/**
 * @param {string} does
 * @param {number} alarms how many are due at once
 * @param {'idle' | 'loaded'} process
 * @param {'awake' | 'asleep'} [objects] `asleep`: they have left memory, each alarm starts its object
 * @returns {import('./benchmarks.mjs').Benchmark}
 */
const due = (does, alarms, process, objects = 'awake') => ({
  does,
  ownServer: false,
  headline: ['alarms_per_s', 'late_p50_ms', 'late_p99_ms'],
  async measure(_round, { port }) {
    // The first time makes the objects, and tells how long the second one will take.
    const took = await setAll(port, alarms, Date.now() + farMs);
    const rest = objects === 'asleep' ? evictedMs : spareMs;
    const at = Math.ceil(Date.now() + 2 * took + rest);
    await setAll(port, alarms, at);
    if (Date.now() >= at) throw new Error('the alarms were not set before they were due');
    await wait(Math.max(0, at - Date.now() - 500));
    let isOver = false;
    const background = process === 'loaded' ? load(port, () => isOver) : undefined;
    const { p50, p99, max } = await drained(port).finally(() => (isOver = true));
    await background;
    return {
      alarms_per_s: (alarms * 1_000) / Math.max(1, max),
      late_p50_ms: p50,
      late_p99_ms: p99,
      late_max_ms: max,
    };
  },
});

export const alarmBenchmarks = {
  'alarms/due': due('10,000 alarms due at the same moment', 10_000, 'idle'),
  // As many as workerd can have where a process has 20,000 descriptors.
  'alarms/due-5000': due('5,000 alarms due at the same moment', 5_000, 'idle'),
  'alarms/due-1000': due('1,000 alarms due at the same moment', 1_000, 'idle'),
  'alarms/due-asleep': due(
    '5,000 due at once, of objects that are not in memory',
    5_000,
    'idle',
    'asleep',
  ),
  'alarms/due-loaded': due('10,000, with requests on 16 connections', 10_000, 'loaded'),
};
