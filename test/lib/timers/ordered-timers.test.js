'use strict';
// Timers over Node's own: order, long delays, handles, async contexts. What Workers see of them: test/conformance, lifecycle/timers.

const { AsyncLocalStorage } = require('node:async_hooks');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const { OrderedTimers } = require('../../../lib/timers/ordered-timers');
const { Immediate, Timeout } = require('../../../lib/timers/timeout');

let timers;
let fired;
const start = (what, ms, how) => timers.start(() => fired.push(what), ms, [], how);

beforeEach(() => {
  timers = new OrderedTimers();
  fired = [];
});

test('fire in the order in which they are due', async () => {
  for (const ms of [3, 1, 0, 2, 0, 1]) start(`${ms}`, ms);
  await wait(20);
  expect(fired).toEqual(['0', '0', '1', '1', '2', '3']);
});

test('one that is late goes before one that is due later', async () => {
  start('1', 1);
  const end = performance.now() + 5;
  while (performance.now() < end); // the loop stands still
  start('0 of later', 0);
  await wait(10);
  expect(fired).toEqual(['1', '0 of later']);
});

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 40, Infinity])('%d ms are not over at once', async (ms) => {
  const timer = start('long', ms);
  await wait(5);
  expect(fired).toEqual([]);
  expect(timers.clear(timer)).toBe(true);
  expect(timers.clear(timer)).toBe(false);
});

test('a delay of more than 2^31 - 1 ms is waited for in parts', () => {
  let now = 0;
  const waits = [];
  const host = {
    now: () => now,
    setTimeout: (wake, ms, entry) => waits.push({ ms, wake: () => wake(entry) }),
  };
  timers = new OrderedTimers(host);
  start('long', 2 ** 32);
  for (let i = 0; i < waits.length; i += 1) {
    expect(fired).toEqual([]);
    now += waits[i].ms;
    waits[i].wake();
  }
  expect(waits.map(({ ms }) => ms)).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2]);
  expect([now, fired]).toEqual([2 ** 32, ['long']]);
});

test('intervals go on until they are cleared, by themselves too', async () => {
  const interval = timers.start(
    () => {
      fired.push('interval');
      if (fired.length === 3) timers.clear(interval);
    },
    0,
    [],
    { repeats: true },
  );
  await wait(10);
  expect(fired).toHaveLength(3);
});

test('each runs in the async context that started it, in whatever order they wake', async () => {
  const storage = new AsyncLocalStorage();
  const note = () => fired.push(storage.getStore());
  for (const ms of [2, 1, 0]) storage.run(`of ${ms}`, () => timers.start(note, ms, []));
  const end = performance.now() + 5;
  while (performance.now() < end);
  await wait(10);
  expect(fired).toEqual(['of 0', 'of 1', 'of 2']);
});

test('handles: kinds, numbers, and time that begins anew', async () => {
  const timeout = start('timeout', 20);
  expect(timeout).toBeInstanceOf(Timeout);
  expect(start('immediate', 0, { Kind: Immediate })).toBeInstanceOf(Immediate);
  await wait(12);
  expect(timeout.refresh()).toBe(timeout);
  await wait(12);
  expect(fired).toEqual(['immediate']);
  expect(timers.clear(Number(timeout))).toBe(true);
  await wait(20);
  expect(fired).toEqual(['immediate']);
});

test('a process does not wait for what is unreferenced', () => {
  const module = path.resolve(__dirname, '../../../lib/timers/ordered-timers.js');
  const code = `
    const { OrderedTimers } = require(${JSON.stringify(module)});
    const timers = new OrderedTimers();
    timers.start(() => console.log('never'), 30_000, []).unref();
    timers.start(() => console.log('never'), 30_000, [], { repeats: true }).unref();
    timers.start(() => console.log('never'), 30_000, []).unref().ref().unref();
    timers.start(() => console.log('fired'), 5, []).unref().ref();
  `;
  expect(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })).toBe('fired\n');
});
