// What miniflare 2 tested of transactions (storage.spec.ts there: transaction, and what conflicts with one).
//
// Miniflare ran a transaction again when another one had written what it read. Here none can: transactions of an object run one after
// the other, and what else the object does waits for them (S3.6). Each runs once, and the sums are the same.
import { env, runInDurableObject } from 'cloudflare:test';

let storage: DurableObjectStorage;
beforeEach(async () => {
  storage = await getMiniflareDurableObjectStorage(env.STORE.idFromName('a'));
});

const stored = async () => Object.fromEntries(await storage.list());
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Adds one to each, with a pause in which others could run. */
const increment =
  (...keys: string[]) =>
  async (txn: DurableObjectTransaction) => {
    const before = await txn.get<number>(keys);
    await turn();
    await txn.put(Object.fromEntries(keys.map((key) => [key, (before.get(key) ?? 0) + 1])));
  };

test('one', async () => {
  await storage.put({ a: 1, b: 2 });
  await storage.transaction(increment('a', 'b'));
  expect(await stored()).toEqual({ a: 2, b: 3 });
});

test.each([
  ['of different keys', [['a'], ['b']], { a: 2, b: 3 }],
  ['of keys in common', [['a'], ['a', 'b']], { a: 3, b: 3 }],
  ['ten of one key', Array.from({ length: 10 }, () => ['a']), { a: 11, b: 2 }],
])('several at a time, %s', async (_name, keys, expected) => {
  await storage.put({ a: 1, b: 2 });
  await Promise.all(keys.map((each) => storage.transaction(increment(...each))));
  expect(await stored()).toEqual(expected);
});

test.each<[string, (storage: DurableObjectStorage) => Promise<unknown>, unknown]>([
  ['put', (to) => to.put('k', 2), 2],
  ['delete', (from) => from.delete('k'), undefined],
  ['setAlarm', (to) => to.setAlarm(4e12), 4e12],
  ['deleteAlarm', (from) => from.deleteAlarm(), null],
])('a %s of another event waits until it is over; it runs once', async (name, write, expected) => {
  const read = (from: DurableObjectTransaction | DurableObjectStorage) =>
    name.endsWith('Alarm') ? from.getAlarm() : from.get('k');
  await storage.put('k', 1);
  await storage.setAlarm(3e12);
  const stub = env.STORE.getByName('a');
  const seen: unknown[] = [];
  const begun = Promise.withResolvers<void>();
  const transaction = runInDurableObject(stub, (_object, state) =>
    state.storage.transaction(async (txn) => {
      begun.resolve();
      await turn();
      seen.push(await read(txn));
    }),
  );
  await begun.promise;
  await Promise.all([transaction, runInDurableObject(stub, (_, state) => write(state.storage))]);
  expect(seen).toEqual([name.endsWith('Alarm') ? 3e12 : 1]);
  expect(await read(await getMiniflareDurableObjectStorage(env.STORE.idFromName('a')))).toBe(
    expected,
  );
});

test('rolled back, it leaves nothing', async () => {
  await storage.put('k', 'old');
  await storage.transaction(async (txn) => {
    await txn.put({ k: 'new', l: 1 });
    txn.rollback();
  });
  expect(await stored()).toEqual({ k: 'old' });
});

test('that throws leaves nothing, and throws', async () => {
  await storage.put('k', 'old');
  const error = new RangeError('not this time');
  const failed = storage.transaction(async (txn) => {
    await txn.put('k', 'new');
    throw error;
  });
  await expect(failed).rejects.toBe(error);
  expect(await stored()).toEqual({ k: 'old' });
});

test('its value is that of its function', async () => {
  await storage.put('k', 1);
  expect(await storage.transaction(async (txn) => (await txn.get<number>('k'))! + 2)).toBe(3);
});

test('a key that it wrote itself can be deleted', async () => {
  await storage.transaction(async (txn) => {
    await txn.put('k', 1);
    expect(await txn.delete('k')).toBe(true);
    expect(await txn.delete('k')).toBe(false);
  });
  expect(await stored()).toEqual({});
});

test('its list has what it wrote', async () => {
  await storage.put({ a: 1, c: 3, d: 4 });
  await storage.transaction(async (txn) => {
    await txn.put('b', 2);
    await txn.delete('d');
    expect([...(await txn.list()).keys()]).toEqual(['a', 'b', 'c']);
  });
});

test('it may wait for what is outside of the object', async () => {
  await runInDurableObject(env.STORE.getByName('a'), (_object, state) =>
    state.storage.transaction(async (txn) => {
      const answer = await env.ECHO.getByName('other').fetch('http://x/');
      await txn.put('answer', await answer.text());
    }),
  );
  expect(await stored()).toEqual({ answer: 'other 1 GET http://x/' });
});

test('writes that it does not wait for are of it, in the order of the calls', async () => {
  await storage.put('k', 'old');
  await storage.transaction(async (txn) => {
    void txn.delete('k');
    void txn.put('k', 'new');
    void txn.put('l', 1);
  });
  expect(await stored()).toEqual({ k: 'new', l: 1 });
});

test('the alarm is of it', async () => {
  await storage.setAlarm(3e12);
  await storage.transaction(async (txn) => {
    await txn.setAlarm(4e12);
    expect(await txn.getAlarm()).toBe(4e12);
    await txn.deleteAlarm();
    expect(await txn.getAlarm()).toBeNull();
    await txn.setAlarm(5e12);
    txn.rollback();
  });
  expect(await storage.getAlarm()).toBe(3e12);
  await storage.transaction((txn) => txn.setAlarm(6e12));
  expect(await storage.getAlarm()).toBe(6e12);
});

test('what it has, and nothing of how it is made', async () => {
  await storage.transaction(async (txn) => {
    expect(Object.keys(txn)).toEqual([]);
    for (const name of ['get', 'put', 'delete', 'list', 'rollback', 'setAlarm'] as const)
      expect(txn[name]).toBeInstanceOf(Function);
  });
});
