// What miniflare 2 tested of reading storage (storage.spec.ts there: get, list).
import { env, runInDurableObject } from 'cloudflare:test';

let storage: DurableObjectStorage;
beforeEach(async () => {
  storage = await getMiniflareDurableObjectStorage(env.STORE.idFromName('a'));
});

const complex = { set: new Set(['x', 'y']), date: new Date(1000), object: { a: 1, deep: [2] } };

describe('get', () => {
  test('a value', async () => {
    await storage.put('k', 'text');
    expect(await storage.get('k')).toBe('text');
  });

  test.each(Object.entries(complex))('a %s', async (key, value) => {
    await storage.put(key, value);
    expect(await storage.get(key)).toStrictEqual(value);
  });

  test('nothing', async () => expect(await storage.get('k')).toBeUndefined());

  test('several, by their keys in order whatever order was asked', async () => {
    await storage.put({ c: 3, a: 1, b: 2 });
    const found = await storage.get(['b', 'c', 'a']);
    expect([...found]).toEqual(Object.entries({ a: 1, b: 2, c: 3 }));
  });

  test('several values of all kinds', async () => {
    await storage.put(complex);
    const found = await storage.get(Object.keys(complex));
    expect(found).toStrictEqual(new Map(Object.entries(complex).sort()));
  });

  test('several, of which one is not there', async () => {
    await storage.put({ a: 1, c: 3 });
    expect(await storage.get(['a', 'b', 'c'])).toEqual(new Map(Object.entries({ a: 1, c: 3 })));
  });

  test('what a later write changes is not seen', async () => {
    await storage.put('k', 'before');
    const asked = storage.get('k');
    await storage.put('k', 'after');
    expect(await asked).toBe('before');
  });

  test('no key', async () => {
    await expect(async () => (storage as any).get()).rejects.toThrow(TypeError);
    await expect(storage.transaction((txn) => (txn as any).get())).rejects.toThrow(TypeError);
  });

  test('keys that are undefined are the text of it', async () => {
    await storage.put('undefined', 1);
    expect(await storage.get(['a', undefined as any])).toEqual(new Map([['undefined', 1]]));
  });
});

describe('get in a transaction', () => {
  beforeEach(() => storage.put({ changed: 1, deleted: 1, left: 1 }));

  test('sees what the transaction wrote', async () => {
    await storage.transaction(async (txn) => {
      await txn.put({ changed: 2, added: 2 });
      await txn.delete('deleted');
      expect(await txn.get('changed')).toBe(2);
      expect(await txn.get('deleted')).toBeUndefined();
      expect(await txn.get('added')).toBe(2);
    });
  });

  test('sees what was there and what is new in one answer', async () => {
    await storage.transaction(async (txn) => {
      await txn.put('added', 2);
      await txn.delete('deleted');
      const found = await txn.get(['added', 'changed', 'deleted', 'left']);
      expect(found).toEqual(new Map(Object.entries({ added: 2, changed: 1, left: 1 })));
    });
  });
});

describe('list', () => {
  const all = ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'];
  beforeEach(() =>
    storage.put(Object.fromEntries(all.toReversed().map((key) => [key, `${key}!`]))),
  );

  test.each<[string, DurableObjectListOptions | undefined, string[]]>([
    ['all, in order', undefined, all],
    ['from start on', { start: 'b2' }, ['b2', 'c1', 'c2']],
    ['after startAfter', { startAfter: 'b2' }, ['c1', 'c2']],
    ['up to end, without it', { end: 'b1' }, ['a1', 'a2']],
    ['backwards', { reverse: true }, all.toReversed()],
    ['no more than limit', { limit: 3 }, ['a1', 'a2', 'b1']],
    ['with a prefix', { prefix: 'b' }, ['b1', 'b2']],
    ['all at once', { start: 'b', prefix: '', limit: 3, reverse: true }, ['c2', 'c1', 'b2']],
    ['startAfter that is a key', { startAfter: 'b1', limit: 2 }, ['b2', 'c1']],
    ['startAfter that is none', { startAfter: 'b', limit: 2 }, ['b1', 'b2']],
    ['start after all', { start: 'd' }, []],
    ['end before all', { end: '0' }, []],
    ['start after end', { start: 'c', end: 'a' }, []],
  ])('%s', async (_name, options, keys) => {
    const found = await storage.list(options);
    expect([...found]).toEqual(keys.map((key) => [key, `${key}!`]));
  });

  test('start and startAfter together are refused', async () => {
    await expect(storage.list({ start: 'a', startAfter: 'b' })).rejects.toThrow(
      'list() cannot be called with both start and startAfter values.',
    );
  });

  test('options stay as they were', async () => {
    const options = Object.freeze({ startAfter: 'a1' });
    expect((await storage.list(options)).size).toBe(5);
    expect(options).toEqual({ startAfter: 'a1' });
  });

  test('of an object without keys', async () => {
    await storage.deleteAll();
    expect(await storage.list()).toEqual(new Map());
  });

  test('of more keys than one call may write', async () => {
    const many = Array.from({ length: 384 }, (_, index) => [`many${index}`, index] as const);
    for (let from = 0; from < many.length; from += 128)
      await storage.put(Object.fromEntries(many.slice(from, from + 128)));
    const found = await storage.list({ prefix: 'many' });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(many));
  });

  test.each([
    ['punctuation', ['!', ', ']],
    ['bytes of UTF-8, not units of UTF-16', ['Z', '\uFF3A', '\u{1D655}']],
  ])('the order is that of %s', async (_name, keys) => {
    await storage.deleteAll();
    for (const key of keys.toReversed()) await storage.put(key, 0);
    expect([...(await storage.list()).keys()]).toEqual(keys);
  });

  test('of what was there, whatever is written meanwhile', async () => {
    const asked = storage.list({ prefix: 'a' });
    await storage.put('a1', 'changed');
    expect(await asked).toEqual(
      new Map([
        ['a1', 'a1!'],
        ['a2', 'a2!'],
      ]),
    );
  });
});

// Miniflare closed a gate around each call; here no other event of the object runs before what it waits for is there (S2.3).
test.each<[string, (storage: DurableObjectStorage) => Promise<unknown>]>([
  ['get', (from) => from.get('k')],
  ['list', (from) => from.list()],
  ['put', (to) => to.put('k', 1)],
  ['put of several', (to) => to.put({ k: 1, l: 2 })],
  ['delete', (from) => from.delete('k')],
  ['deleteAll', (from) => from.deleteAll()],
  ['getAlarm', (from) => from.getAlarm()],
  ['setAlarm', (to) => to.setAlarm(Date.now() + 1e6)],
  ['deleteAlarm', (from) => from.deleteAlarm()],
])('no other event comes between %s and what follows it', async (_name, call) => {
  const stub = env.STORE.getByName('a');
  const order: string[] = [];
  const event = (name: string) =>
    runInDurableObject(stub, async (_object, state) => {
      order.push(`${name} begins`);
      await call(state.storage);
      await call(state.storage);
      order.push(`${name} ends`);
    });
  await Promise.all([event('one'), event('two')]);
  expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});
