// What miniflare 2 tested of writing storage (storage.spec.ts there: put, delete, deleteAll, sync).
import { env, faults, runInDurableObject } from 'cloudflare:test';

const open = () => getMiniflareDurableObjectStorage(env.STORE.idFromName('a'));
let storage: DurableObjectStorage;
beforeEach(async () => {
  storage = await open();
});
afterEach(() => faults.clear());

const stub = () => env.STORE.getByName('a');
/** Of the object as it is now: what was opened before a reset is broken. */
const stored = async () => Object.fromEntries(await (await open()).list());

describe('put', () => {
  test.each([
    ['text', 'v'],
    ['a set', new Set([1])],
    ['a date', new Date(5)],
  ])('%s', async (_name, value) => {
    await storage.put('k', value);
    await expect(stub()).toHaveStored('k', value);
  });

  test('several', async () => {
    await storage.put({ a: 1, b: new Set([2]), c: { d: 3 } });
    await expect(stub()).toHaveStored({ a: 1, b: new Set([2]), c: { d: 3 } });
  });

  test('the second time', async () => {
    await storage.put('k', 1);
    await storage.put('k', 2);
    expect(await storage.get('k')).toBe(2);
  });

  test('several, of which one is undefined: it is left out', async () => {
    await storage.put({ a: 1, b: undefined, c: 3 });
    expect(await stored()).toEqual({ a: 1, c: 3 });
    await storage.transaction((txn) => txn.put({ d: undefined, e: 5 }));
    expect(await stored()).toEqual({ a: 1, c: 3, e: 5 });
  });

  test('undefined, or without a key', async () => {
    await expect(async () => storage.put('k', undefined)).rejects.toThrow(
      'put() called with undefined value.',
    );
    await expect(async () => (storage as any).put()).rejects.toThrow(TypeError);
    await expect(storage.transaction((txn) => txn.put('k', undefined))).rejects.toThrow(TypeError);
    expect(await stored()).toEqual({});
  });

  test('a large value', async () => {
    const bytes = new Uint8Array(128 * 1024).fill(7);
    await storage.put('k', bytes);
    expect(await storage.get('k')).toStrictEqual(bytes);
  });

  test('a value that is too large', async () => {
    const bytes = new Uint8Array(16 * 1024 * 1024);
    await expect(async () => storage.put('k', bytes)).rejects.toThrow();
    await expect(async () => storage.put({ a: 1, k: bytes })).rejects.toThrow();
  });

  test('without waiting: in the order of the calls', async () => {
    await runInDurableObject(stub(), async (_object, state) => {
      void state.storage.put('k', 1);
      void state.storage.put('l', 2);
      void state.storage.put('k', 3);
      expect(Object.fromEntries(await state.storage.list())).toEqual({ k: 3, l: 2 });
    });
  });
});

describe('delete', () => {
  beforeEach(() => storage.put({ a: 1, b: 2, c: 3 }));

  test('a key', async () => {
    expect(await storage.delete('a')).toBe(true);
    expect(await stored()).toEqual({ b: 2, c: 3 });
  });

  test('a key that is not there', async () => expect(await storage.delete('z')).toBe(false));

  test('several', async () => {
    expect(await storage.delete(['a', 'c'])).toBe(2);
    expect(await stored()).toEqual({ b: 2 });
  });

  test('several, of which some are not there', async () => {
    expect(await storage.delete(['a', 'y', 'z'])).toBe(1);
  });

  test('without a key', async () => {
    await expect(async () => (storage as any).delete()).rejects.toThrow(TypeError);
    await expect(storage.transaction((txn) => (txn as any).delete())).rejects.toThrow(TypeError);
  });

  test('the answer is of the moment of the call, whatever follows', async () => {
    await runInDurableObject(stub(), async (_object, { storage: own }) => {
      const there = own.delete('a');
      void own.put('a', 2);
      const notThere = own.delete('z');
      void own.put('z', 1);
      void own.put('new', 1);
      const justWritten = own.delete('new');
      void own.delete('b');
      const justDeleted = own.delete('b');
      const answers = [there, notThere, justWritten, justDeleted];
      expect(await Promise.all(answers)).toEqual([true, false, true, false]);
    });
    expect(await stored()).toEqual({ a: 2, c: 3, z: 1 });
  });

  test('mixed with writes, in the order of the calls', async () => {
    await runInDurableObject(stub(), async (_object, { storage: own }) => {
      void own.put({ d: 4, e: 5 });
      const deleted = own.delete(['a', 'd', 'none']);
      void own.put('d', 44);
      void own.delete('e');
      expect(await deleted).toBe(2);
    });
    expect(await stored()).toEqual({ b: 2, c: 3, d: 44 });
  });

  test('deleteAll', async () => {
    await runInDurableObject(stub(), async (_object, { storage: own }) => {
      void own.put('before', 1);
      await own.deleteAll();
    });
    expect(await stored()).toEqual({});
  });
});

// An answer leaves when what it depends on is durable, unless the write said that it need not be (S2.4).
describe('the answer of a call that does not wait for its write', () => {
  const calls: [string, (allowUnconfirmed: boolean) => Promise<string>][] = [
    ['put', (allow) => stub().put('k', 1, allow)],
    ['delete', (allow) => stub().delete('there', allow)],
    ['setAlarm', (allow) => stub().remind(Date.now() + 1e6, allow)],
    ['deleteAll', () => stub().clear()],
    ['deleteAlarm', () => stub().forget()],
  ];
  beforeEach(async () => {
    await storage.put('there', 1);
    await storage.setAlarm(Date.now() + 2e6);
    await storage.sync();
  });

  test.each(calls)('waits for %s', async (_name, call) => {
    faults.failNextCommit(stub());
    await expect(call(false)).toRejectWithDurableObjectReset();
    await expect(stub()).toHaveStored({ there: 1 });
  });

  test.each(calls.slice(0, 3))(
    'does not wait for %s with allowUnconfirmed',
    async (_name, call) => {
      faults.failNextCommit(stub());
      expect(await call(true)).toMatch(/^(written|deleted|set)$/);
    },
  );
});

test('writes without an await are one commit: all of them are lost with it', async () => {
  await storage.put('a', 1);
  await storage.sync();
  faults.failNextCommit(stub());
  const call = runInDurableObject(stub(), (_object, { storage: own }) => {
    void own.put({ a: 2, b: 2 });
    void own.delete('c');
    void own.put('d', 4);
  });
  await expect(call).toRejectWithDurableObjectReset();
  expect(await stored()).toEqual({ a: 1 });
});

test('sync() is over when all before it is durable', async () => {
  faults.failNextCommit(stub());
  let isSynced = false;
  const call = runInDurableObject(stub(), async (_object, { storage: own }) => {
    void own.put('k', 1, { allowUnconfirmed: true });
    await own.sync();
    isSynced = true;
  });
  await expect(call).rejects.toThrow();
  expect(isSynced).toBe(false);
  expect(await stored()).toEqual({});
  await runInDurableObject(stub(), async (_object, { storage: own }) => {
    void own.put('k', 2);
    await own.sync();
    isSynced = true;
  });
  expect(isSynced).toBe(true);
});

test('what storage has, and nothing of how it is made', async () => {
  await runInDurableObject(stub(), (_object, { storage: own }) => {
    expect(Object.keys(own).sort()).toEqual(['kv', 'sql']);
    for (const name of [
      'get',
      'put',
      'delete',
      'list',
      'deleteAll',
      'transaction',
      'sync',
    ] as const)
      expect(own[name]).toBeInstanceOf(Function);
  });
});
