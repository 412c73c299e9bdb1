import { advance, env, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { Counter } from '../src/counter';

const counter = () => env.COUNTER.getByName('a');

test('counts', async () => {
  expect(await counter().increment()).toBe(1);
  expect(await counter().increment(4)).toBe(5);
  await expect(counter()).toHaveStored({ count: 5 });
});

test('starts from nothing: what another test wrote is undone', async () => {
  expect(await counter().increment()).toBe(1);
});

test('refuses what is no whole number', async () => {
  await expect(counter().increment(0.5)).rejects.toThrow(new RangeError('Cannot count 0.5.'));
  await expect(counter()).not.toHaveStored('count');
});

test('the instance is one of the class that the test imports', async () => {
  await counter().increment();
  await runInDurableObject(counter(), (instance) => {
    expect(instance).toBeInstanceOf(Counter);
    expect(instance.calls).toBe(1);
  });
});

test('eviction loses what is in memory, and nothing else', async () => {
  await counter().increment();
  await evictDurableObject(counter());
  expect(await counter().increment()).toBe(2);
  await runInDurableObject(counter(), ({ calls }) => expect(calls).toBe(1));
});

describe('after some days', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2030, 0, 1) }));
  afterEach(() => jest.useRealTimers());

  test('a count that nobody has touched is forgotten', async () => {
    await counter().increment();
    await expect(counter()).toHaveAlarmAt(new Date('2030-01-02'));
    await advance('23h');
    await expect(counter()).toHaveStored('count', 1);
    await advance('2h');
    await expect(counter()).not.toHaveStored('count');
    await expect(counter()).toHaveAlarmAt(null);
  });

  test('each use keeps it for longer', async () => {
    await counter().increment();
    await advance('23h');
    await counter().increment();
    await advance('23h');
    expect(await counter().increment()).toBe(3);
  });
});
