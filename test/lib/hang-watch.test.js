'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');
const { HangWatch } = require('../../lib/workers/hang-watch');

v8.setFlagsFromString('--expose-gc');
/** @type {() => void} */
const gc = vm.runInNewContext('gc');

const kPeriodMs = 1_000;

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const noPromise = /** @type {any} */ (undefined);

/** @param {HangWatch} watch @param {() => Promise<unknown>} start makes what is waited for */
function watched(watch, start) {
  const one = {
    awaited: noPromise,
    previous: undefined,
    next: undefined,
    periods: 0,
    hang: jest.fn(),
  };
  one.awaited = start();
  watch.add(one);
  return one;
}

const never = () => new Promise(() => {});

/** What a collection finds is told in a later task. */
async function collect() {
  await new Promise((resolve) => setImmediate(resolve)); // nothing is on the stack
  gc();
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('S2.10.4 what waits for long, and can never be settled, hangs', async () => {
  const collectSoon = jest.fn();
  const watch = new HangWatch(collectSoon);
  const one = watched(watch, never);
  const other = watched(watch, never);
  jest.advanceTimersByTime(kPeriodMs);
  await collect();
  expect(one.hang).not.toHaveBeenCalled(); // not yet looked at
  jest.advanceTimersByTime(2 * kPeriodMs);
  expect(collectSoon).toHaveBeenCalledTimes(1);
  await collect();
  expect(one.hang).toHaveBeenCalledTimes(1);
  expect(other.hang).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(kPeriodMs);
  expect(jest.getTimerCount()).toBe(0); // nothing is left to look at
});

test('S2.10.4 what something can still settle does not hang, and a collection is asked for ever less often', async () => {
  const collectSoon = jest.fn();
  const watch = new HangWatch(collectSoon);
  /** @type {any} */
  let resolve;
  const one = watched(watch, () => new Promise((settle) => (resolve = settle)));
  jest.advanceTimersByTime(35 * kPeriodMs);
  await collect();
  expect(one.hang).not.toHaveBeenCalled();
  expect(collectSoon).toHaveBeenCalledTimes(6); // after 1, 2, 4, 8, 16 and 32 periods
  resolve();
  await collect();
  expect(one.hang).not.toHaveBeenCalled();
  expect(one.periods).toBe(0); // no longer watched
});

test('S2.10.4 what ended or was given up does not hang', async () => {
  const watch = new HangWatch(() => {});
  const early = watched(watch, never);
  watch.remove(early);
  const late = watched(watch, never);
  const settled = watched(watch, () => Promise.reject(new Error('settled')));
  settled.awaited.catch(() => {});
  jest.advanceTimersByTime(3 * kPeriodMs);
  watch.remove(late);
  watch.remove(late);
  await collect();
  for (const one of [early, late, settled]) {
    expect(one.hang).not.toHaveBeenCalled();
    expect(one.periods).toBe(0);
  }
});

test('nothing happens after close()', () => {
  const watch = new HangWatch(() => {});
  watched(watch, never);
  watch.close();
  expect(jest.getTimerCount()).toBe(0);
});
