// Isolation (S10.1.3, S10.3.4): each test starts from what its describe blocks set up.
import { env, listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import type { Counter } from './src/index';

const count = async () => (await env.KV.get('n')) ?? 'none';

beforeAll(() => env.KV.put('n', 'file'));

test('a write', async () => {
  await env.KV.put('n', 'test');
  await env.COUNTER.getByName('a').increment();
  expect(await count()).toBe('test');
});

test('is undone', async () => {
  expect(await count()).toBe('file');
  expect(await listDurableObjectIds(env.COUNTER)).toEqual([]);
  expect(await env.COUNTER.getByName('a').increment()).toBe(1);
});

describe('a block', () => {
  const stub = () => env.COUNTER.getByName('block');
  beforeAll(async () => {
    await env.KV.put('n', 'block');
    await stub().increment(10);
  });
  beforeEach(() => stub().increment(100));

  test.each([1, 2])('starts from its beforeAll, %d', async () => {
    expect(await count()).toBe('block');
    expect(await stub().increment()).toBe(111);
    await env.KV.put('n', 'inner');
  });

  describe('a nested block', () => {
    beforeAll(() => env.KV.put('n', 'nested'));

    test('sees both', async () => {
      expect(await count()).toBe('nested');
      await runInDurableObject(stub(), async (instance: Counter, { storage }) => {
        expect(instance.inMemory).toBe(100);
        expect(await storage.get('count')).toBe(110);
      });
    });
  });

  test('its writes go with it', async () => {
    expect(await count()).toBe('block');
  });
});

test.skip('a skipped test', () => {});
test.todo('a test to be written');

test('the block leaves nothing', async () => {
  expect(await count()).toBe('file');
});

describe('an alarm of one test', () => {
  test('is set', async () => {
    await env.COUNTER.getByName('late').remind(Date.now() + 50);
  });

  test('never rings in the next', async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await listDurableObjectIds(env.COUNTER)).toEqual([]);
  });
});
