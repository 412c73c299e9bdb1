// The globals of jest-environment-miniflare (S10.3.3).
import { Counter } from './src/index';

const { COUNTER } = getMiniflareBindings();

test('getMiniflareBindings gives the same object', () => {
  expect(getMiniflareBindings().GREETING).toBe('hello');
  expect(getMiniflareBindings()).toBe(getMiniflareBindings());
});

test('storage, state and instance of an object', async () => {
  const id = COUNTER.idFromName('a');
  const storage = await getMiniflareDurableObjectStorage(id);
  await storage.put('count', 5);
  expect(await COUNTER.get(id).increment()).toBe(6);
  const instance = await getMiniflareDurableObjectInstance<Counter>(id);
  expect(instance).toBeInstanceOf(Counter);
  expect(instance.inMemory).toBe(1);
  const state = await getMiniflareDurableObjectState(COUNTER.idFromName('b'));
  const mine = new Counter(state, getMiniflareBindings());
  expect(await mine.increment(2)).toBe(2);
  await expect(COUNTER.getByName('b')).toHaveStored('count', 2);
});

test('ids, alarms', async () => {
  expect(await getMiniflareDurableObjectIds('COUNTER')).toEqual([]);
  const id = COUNTER.idFromName('a');
  await COUNTER.get(id).remind(Date.now() + 1_000_000);
  await COUNTER.getByName('b').remind(Date.now() + 1_000_000);
  expect(await getMiniflareDurableObjectIds('COUNTER')).toHaveLength(2);
  await flushMiniflareDurableObjectAlarms([id]);
  await expect(id).toHaveStored('rang', true);
  await expect(COUNTER.idFromName('b')).not.toHaveStored('rang');
  await flushMiniflareDurableObjectAlarms();
  await expect(COUNTER.idFromName('b')).toHaveStored('rang', true);
  await expect(getMiniflareDurableObjectIds('NONE')).rejects.toThrow(
    'no Durable Object namespace NONE',
  );
});

test('waitUntil and fetch mock', async () => {
  const ctx = new ExecutionContext();
  ctx.waitUntil(Promise.resolve(1));
  ctx.waitUntil(Promise.resolve('two'));
  expect(await getMiniflareWaitUntil(ctx)).toEqual([1, 'two']);
  const mock = getMiniflareFetchMock();
  mock.disableNetConnect();
  mock.get('https://example.com').intercept({ path: '/' }).reply(200, 'mocked');
  expect(await (await fetch('https://example.com/')).text()).toBe('mocked');
  mock.deactivate();
});
