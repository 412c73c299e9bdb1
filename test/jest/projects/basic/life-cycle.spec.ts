// What cannot be had on Cloudflare: faults and restarts on demand.
import { connectWebSocket, env, faults, restart, runInDurableObject } from 'cloudflare:test';
import type { Counter } from './src/index';

const stub = () => env.COUNTER.getByName('a');

afterEach(() => faults.clear());

test('a commit fails: the write is lost, and its caller is told', async () => {
  expect(await stub().increment()).toBe(1);
  faults.failNextCommit(stub());
  await expect(stub().increment()).toRejectWithDurableObjectReset();
  expect(await stub().increment()).toBe(2);
});

test('the disk is full', async () => {
  await stub().increment();
  faults.diskFull(true);
  await expect(stub().increment()).rejects.toThrow();
  await expect(stub()).toHaveStored('count', 1);
  faults.diskFull(false);
  expect(await stub().increment()).toBe(2);
});

test('the object is gone', async () => {
  const mine = stub();
  const hanging = mine.hang();
  await faults.calleeGone(mine);
  await expect(hanging).rejects.toMatchObject({ retryable: true });
  expect(await stub().increment()).toBe(1);
});

test('restart keeps what is durable', async () => {
  await stub().increment(3);
  const client = await connectWebSocket(stub());
  await restart();
  expect(await client.closed).toMatchObject({ code: 1006 });
  await runInDurableObject(stub(), (instance: Counter) => expect(instance.inMemory).toBe(0));
  expect(await stub().increment()).toBe(4);
});

test('a crash cuts off what is under way', async () => {
  const hanging = stub().hang();
  await runInDurableObject(stub(), () => {});
  await restart({ afterCrash: true });
  await expect(hanging).rejects.toMatchObject({ retryable: true });
  expect(await stub().increment()).toBe(1);
});

test('runWithMiniflareDurableObjectGates', async () => {
  const state = await getMiniflareDurableObjectState(env.COUNTER.idFromName('a'));
  const result = await runWithMiniflareDurableObjectGates(state, async () => {
    await state.storage.put('count', 9);
    return 'done';
  });
  expect(result).toBe('done');
  await expect(stub()).toHaveStored('count', 9);
});
