// Cron triggers (S9.1.3): which times, one run for each, also for those that fell into a time when nothing ran.
'use strict';

const { EventEmitter, on } = require('node:events');
const vm = require('node:vm');
const { nextOccurrence } = require('../../../lib/bindings/cron/occurrences');
const { kCatchUpMs } = require('../../../lib/bindings/cron/cron-store');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');
const { time } = require('../../../lib/time');

const kMinute = 60_000;

/** Where the Workers of this file tell of their runs. */
const runs = new EventEmitter();
// Bundles run in the main context, tests in one of their own.
vm.runInThisContext('globalThis')[Symbol.for('cron-test')] = runs;
const source = `export default {
  scheduled(controller, env, ctx) {
    const { cron, scheduledTime } = controller;
    globalThis[Symbol.for('cron-test')].emit('run', { cron, scheduledTime, has: [typeof env.KV, typeof ctx.waitUntil] });
    if (env.FAILS) throw new Error('not this time');
  },
};`;

afterEach(() => jest.restoreAllMocks());
afterAll(removeProjects);

/** @param {string[]} crons @param {string} dataDir @param {object} [vars] */
const start = (crons, dataDir, vars) =>
  boundRuntime(
    { triggers: { crons }, kv_namespaces: [{ binding: 'KV' }] },
    { source, dataDir, vars },
  );

/** @param {number} count @param {() => Promise<any>} action @returns {Promise<any[]>} the first runs from the action on */
async function collect(count, action) {
  const events = on(runs, 'run');
  const runtime = await action();
  const seen = [];
  const timer = setTimeout(() => events.throw?.(new Error('too few runs')), 20_000);
  for await (const [run] of events) if (seen.push(run) === count) break;
  clearTimeout(timer);
  await runtime.close();
  return seen;
}

test.each([
  ['* * * * *', '2026-11-27T12:01:00Z'],
  ['*/15 * * * *', '2026-11-27T12:15:00Z'],
  ['0 0 * * 1', '2026-11-29T00:00:00Z'], // Sunday
  ['0 0 * * MON', '2026-11-30T00:00:00Z'],
  ['59 23 L * *', '2026-11-30T23:59:00Z'],
  ['0 9 15W * *', '2026-12-15T09:00:00Z'],
  ['0 0 * * 2#1', '2026-12-07T00:00:00Z'],
])('%s is next due at %s', (expression, expected) => {
  const after = Date.parse('2026-11-27T12:00:00Z');
  expect(nextOccurrence(expression, after)).toBe(Date.parse(expected));
});

test('a day that never comes has no occurrence', () => {
  expect(nextOccurrence('0 0 30 2 *', Date.now())).toBeUndefined();
});

test.each([
  [['* * *'], 'a cron expression has five fields'],
  [['61 * * * *'], '"triggers.crons[0]"'],
  ['* * * * *', 'should be an array of strings'],
])('%j is refused', async (crons, message) => {
  await expect(boundRuntime({ triggers: { crons } })).rejects.toThrow(message);
});

/** A trigger that was armed a while ago, at a start that nobody saw the end of. @param {number} ago @param {string[]} crons @param {string} dataDir */
async function armAgo(ago, crons, dataDir) {
  const clock = jest.spyOn(time, 'now').mockReturnValue(Date.now() - ago);
  // A Worker without the handler arms, and its runs are not counted.
  const runtime = await boundRuntime({ triggers: { crons } }, { dataDir });
  clock.mockRestore();
  await runtime.close();
}

test('occurrences that were missed are run in order, once each', async () => {
  const dataDir = temporaryDirectory('cron');
  const begin = Date.now();
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  const [first, ...rest] = await collect(4, async () => {
    await armAgo(30 * kMinute, ['* * * * *'], dataDir);
    return start(['* * * * *'], dataDir);
  });
  expect(first.cron).toBe('* * * * *');
  expect(first.has).toEqual(['object', 'function']);
  expect(first.scheduledTime % kMinute).toBe(0);
  expect(first.scheduledTime).toBeGreaterThan(begin - 31 * kMinute);
  const times = [first, ...rest].map(({ scheduledTime }) => scheduledTime);
  expect(times).toEqual(times.map((_, i) => first.scheduledTime + i * kMinute));
  const [next] = await collect(1, () => start(['* * * * *'], dataDir));
  expect(next.scheduledTime).toBeGreaterThanOrEqual((times.at(-1) ?? 0) + kMinute);
});

test('a handler that throws is reported and not called again for that time', async () => {
  const dataDir = temporaryDirectory('cron');
  const report = jest.spyOn(console, 'error').mockReturnValue(undefined);
  const seen = await collect(3, async () => {
    await armAgo(30 * kMinute, ['* * * * *'], dataDir);
    return start(['* * * * *'], dataDir, { FAILS: true });
  });
  const times = seen.map(({ scheduledTime }) => scheduledTime);
  expect(new Set(times).size).toBe(3);
  expect(report.mock.calls.flat().join()).toContain('not this time');
});

test('what was missed long ago is not made up for', async () => {
  const dataDir = temporaryDirectory('cron');
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  const begin = Date.now();
  const [first] = await collect(1, async () => {
    await armAgo(3 * kCatchUpMs, ['0 * * * *'], dataDir);
    return start(['0 * * * *'], dataDir);
  });
  expect(first.scheduledTime).toBeGreaterThan(begin - kCatchUpMs);
});
