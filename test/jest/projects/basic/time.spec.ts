// Time: jest.useFakeTimers() moves alarms, retries, eviction, scheduler.wait and the test's own timers.
import { advance, env, runInDurableObject } from 'cloudflare:test';
import type { Counter } from './src/index';

const stub = () => env.COUNTER.getByName('a');
const start = Date.UTC(2030, 0, 1);

beforeEach(() => jest.useFakeTimers({ now: start }));
afterEach(() => jest.useRealTimers());

test('Date and performance of the modules follow', async () => {
  expect(Date.now()).toBe(start);
  expect(new Date()).toBeInstanceOf(Date);
  expect(new Date().toISOString()).toBe('2030-01-01T00:00:00.000Z');
  expect(new Date(0).getTime()).toBe(0);
  const before = performance.now();
  await advance('1h');
  expect(Date.now()).toBe(start + 3_600_000);
  expect(performance.now() - before).toBe(3_600_000);
  jest.setSystemTime(new Date('2031-01-01'));
  expect(new Date().getUTCFullYear()).toBe(2031);
  expect(jest.now()).toBe(Date.UTC(2031, 0, 1));
  expect(jest.getRealSystemTime()).toBeLessThan(start);
});

test('alarms ring when the time comes, in order', async () => {
  await stub().remind(Date.now() + 3_600_000);
  await expect(stub()).toHaveAlarmAt(start + 3_600_000);
  await advance('59m');
  await expect(stub()).not.toHaveStored('rang');
  await advance('2m');
  await expect(stub()).toHaveStored('rang', true);
});

test('timers and alarms have one order', async () => {
  const order: string[] = [];
  await runInDurableObject(stub(), (instance: Counter) => {
    jest.spyOn(instance, 'alarm').mockImplementation(async () => {
      order.push('alarm');
    });
  });
  await stub().remind(Date.now() + 2000);
  setTimeout(() => order.push('late timer'), 3000);
  setTimeout(() => order.push('early timer'), 1000);
  const waited = scheduler.wait(2500).then(() => order.push('wait'));
  await jest.advanceTimersByTimeAsync(10_000);
  await waited;
  expect(order).toEqual(['early timer', 'alarm', 'wait', 'late timer']);
});

test('an idle object is evicted', async () => {
  await stub().increment();
  await advance('5m');
  await runInDurableObject(stub(), (instance: Counter) => expect(instance.inMemory).toBe(0));
});

test('synchronous ways move timers', () => {
  const callback = jest.fn();
  setTimeout(callback, 1000);
  const interval = setInterval(callback, 400);
  expect(jest.getTimerCount()).toBe(2);
  jest.advanceTimersByTime(800);
  expect(callback).toHaveBeenCalledTimes(2);
  jest.advanceTimersToNextTimer();
  expect(callback).toHaveBeenCalledTimes(3);
  clearInterval(interval);
  jest.runAllTimers();
  expect(jest.getTimerCount()).toBe(0);
  setTimeout(callback, 10);
  jest.runOnlyPendingTimers();
  expect(callback).toHaveBeenCalledTimes(4);
  setTimeout(callback, 10);
  jest.clearAllTimers();
  expect(jest.getTimerCount()).toBe(0);
});

test('what cannot be faked alone is said', () => {
  expect(() => jest.useFakeTimers({ doNotFake: ['setTimeout'] })).toThrow(
    'take setTimeout out of doNotFake',
  );
  expect(() => jest.useFakeTimers({ legacyFakeTimers: true } as any)).toThrow(
    'no legacy fake timers',
  );
  jest.useFakeTimers({ doNotFake: ['Date'], now: 0 });
  expect(Date.now()).toBeGreaterThan(1e12);
});

test('real time when it is not faked', async () => {
  jest.useRealTimers();
  expect(Date.now()).toBeLessThan(start);
  await new Promise((resolve) => setTimeout(resolve, 1));
});
