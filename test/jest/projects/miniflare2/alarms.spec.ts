// What miniflare 2 tested of alarms (alarms.spec.ts there, and the alarms of storage.spec.ts); time is the test's own.
import { advance, env, runInDurableObject } from 'cloudflare:test';
import type { Store } from './src/index';

const kNow = Date.UTC(2030, 0, 1);
beforeEach(() => jest.useFakeTimers({ now: kNow }));
afterEach(() => jest.useRealTimers());

const id = () => env.STORE.idFromName('a');
const open = () => getMiniflareDurableObjectStorage(id());
const rang = () => runInDurableObject(env.STORE.get(id()), ({ rang }: Store) => [...rang]);

describe('what is set', () => {
  test.each([
    ['a number', kNow + 5000],
    ['a date', new Date(kNow + 5000)],
  ])('%s', async (_name, time) => {
    const storage = await open();
    expect(await storage.setAlarm(time)).toBeUndefined();
    expect(await storage.getAlarm()).toBe(kNow + 5000);
    await expect(id()).toHaveAlarmAt(kNow + 5000);
  });

  test('nothing', async () => expect(await (await open()).getAlarm()).toBeNull());

  test('the last of several', async () => {
    await runInDurableObject(env.STORE.get(id()), async (_object, { storage }) => {
      void storage.setAlarm(kNow + 1000);
      void storage.setAlarm(kNow + 2000);
      expect(await storage.getAlarm()).toBe(kNow + 2000);
    });
  });

  test('getAlarm does not see what is set after it was asked', async () => {
    const storage = await open();
    await storage.setAlarm(kNow + 1000);
    const asked = storage.getAlarm();
    await storage.setAlarm(kNow + 2000);
    expect(await asked).toBe(kNow + 1000);
  });

  test('it can be deleted', async () => {
    const storage = await open();
    await storage.setAlarm(kNow + 1000);
    expect(await storage.deleteAlarm()).toBeUndefined();
    expect(await storage.getAlarm()).toBeNull();
  });

  test('deleted and set again, in the order of the calls', async () => {
    await runInDurableObject(env.STORE.get(id()), async (_object, { storage }) => {
      void storage.setAlarm(kNow + 1000);
      void storage.deleteAlarm();
      void storage.setAlarm(kNow + 2000);
      expect(await storage.getAlarm()).toBe(kNow + 2000);
    });
  });

  test.each([0, -1, Number.NaN, new Date(0)])('%p is no time', async (time) => {
    const storage = await open();
    await expect(async () => storage.setAlarm(time)).rejects.toThrow();
    expect(await storage.getAlarm()).toBeNull();
  });

  test('an object without alarm() cannot have one', async () => {
    const storage = await getMiniflareDurableObjectStorage(env.LEGACY.idFromName('a'));
    await expect(async () => storage.setAlarm(kNow + 1)).rejects.toThrow(/alarm/);
    await expect(storage.transaction((txn) => txn.setAlarm(kNow + 1))).rejects.toThrow(/alarm/);
    expect(await storage.getAlarm()).toBeNull();
  });
});

describe('what rings', () => {
  test('an alarm of the past, at once', async () => {
    await (await open()).setAlarm(1);
    await advance(0);
    expect(await rang()).toEqual([kNow]);
  });

  test('an alarm in its time, and not before', async () => {
    await (await open()).setAlarm(kNow + 1000);
    await advance(999);
    expect(await rang()).toEqual([]);
    await advance(1);
    expect(await rang()).toEqual([kNow + 1000]);
    await expect(id()).toHaveAlarmAt(null);
  });

  test('none that was deleted', async () => {
    const storage = await open();
    await storage.setAlarm(kNow + 1000);
    await storage.deleteAlarm();
    await advance('1h');
    expect(await rang()).toEqual([]);
  });

  test('of two, the second one alone', async () => {
    const storage = await open();
    await storage.setAlarm(kNow + 1000);
    await storage.setAlarm(kNow + 3000);
    await advance(5000);
    expect(await rang()).toEqual([kNow + 3000]);
  });
});
