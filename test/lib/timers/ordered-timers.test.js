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

/** Until so many have fired. */
async function firings(count) {
  while (fired.length < count) await wait(1);
  return fired;
}

/** The event loop stands still. */
function stall(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Node's part, by hand. */
class FakeHost {
  time = 0;
  waits = [];
  now = () => this.time;
  setTimeout = (wake, ms, entry) => {
    const one = { at: this.time + ms, ms, wake: () => wake(entry) };
    this.waits.push(one);
    return one;
  };
  clearTimeout = (one) => this.waits.splice(this.waits.indexOf(one), 1);
  advance(to) {
    this.time = to;
    for (const one of this.waits.filter(({ at }) => at <= to)) {
      this.clearTimeout(one);
      one.wake();
    }
  }
}

beforeEach(() => {
  timers = new OrderedTimers();
  fired = [];
});

test('fire in the order in which they are due', async () => {
  for (const ms of [3, 1, 0, 2, 0, 1]) start(`${ms}`, ms);
  expect(await firings(6)).toEqual(['0', '0', '1', '1', '2', '3']);
});

test('one that is late goes before one that is due later', async () => {
  start('1', 1);
  stall(5);
  start('0 of later', 0);
  expect(await firings(2)).toEqual(['1', '0 of later']);
});

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 40, Infinity])('%d ms are not over at once', async (ms) => {
  const timer = start('long', ms);
  await wait(5);
  expect(fired).toEqual([]);
  expect(timers.clear(timer)).toBe(true);
  expect(timers.clear(timer)).toBe(false);
});

test('a delay of more than 2^31 - 1 ms is waited for in parts', () => {
  const host = new FakeHost();
  timers = new OrderedTimers(host);
  start('long', 2 ** 32);
  const parts = [];
  while (host.waits.length > 0) {
    expect(fired).toEqual([]);
    parts.push(host.waits[0].ms);
    host.advance(host.waits[0].at);
  }
  expect(parts).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2]);
  expect([host.time, fired]).toEqual([2 ** 32, ['long']]);
});

test('intervals go on until they are cleared, by themselves too', async () => {
  const tick = () => {
    fired.push('interval');
    if (fired.length === 3) timers.clear(interval);
  };
  const interval = timers.start(tick, 0, [], { repeats: true });
  await firings(3);
  await wait(10);
  expect(fired).toHaveLength(3);
});

test('each runs in the async context that started it, in whatever order they wake', async () => {
  const storage = new AsyncLocalStorage();
  const note = () => fired.push(storage.getStore());
  for (const ms of [3, 2, 1]) storage.run(`of ${ms}`, () => timers.start(note, ms, []));
  stall(8);
  expect(await firings(3)).toEqual(['of 1', 'of 2', 'of 3']);
});

test('a time that begins anew', () => {
  const host = new FakeHost();
  timers = new OrderedTimers(host);
  const timeout = start('timeout', 20);
  host.advance(19);
  expect(timeout.refresh()).toBe(timeout);
  host.advance(38);
  expect(fired).toEqual([]);
  host.advance(39);
  expect(fired).toEqual(['timeout']);
});

test('handles: kinds and numbers', async () => {
  const timeout = start('timeout', 60_000);
  expect(timeout).toBeInstanceOf(Timeout);
  expect(start('immediate', 0, { Kind: Immediate })).toBeInstanceOf(Immediate);
  expect(await firings(1)).toEqual(['immediate']);
  expect(timers.clear(Number(timeout))).toBe(true);
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
