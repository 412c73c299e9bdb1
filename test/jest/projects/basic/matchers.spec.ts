import { connectWebSocket, env, runInDurableObject } from 'cloudflare:test';

const stub = () => env.COUNTER.getByName('a');

test('toHaveStored', async () => {
  await stub().increment(5);
  await expect(stub()).toHaveStored('count', 5);
  await expect(stub()).toHaveStored('count');
  await expect(env.COUNTER.idFromName('a')).toHaveStored({
    count: expect.any(Number),
    other: undefined,
  });
  await expect(stub()).not.toHaveStored('count', 6);
  await expect(stub()).not.toHaveStored('other');
  const failing = expect(stub()).toHaveStored({ count: 6 });
  await expect(failing).rejects.toThrow(
    /Expected what is stored[\s\S]*"count": 6[\s\S]*"count": 5/,
  );
  await expect(expect(stub()).not.toHaveStored('count', 5)).rejects.toThrow('not to be');
  await expect(expect(stub()).toHaveStored('other')).rejects.toThrow('to have stored "other"');
});

test('toHaveAlarmAt', async () => {
  await expect(stub()).toHaveAlarmAt(null);
  const at = Date.UTC(2100, 0, 1);
  await stub().remind(at);
  await expect(stub()).toHaveAlarmAt(at);
  await expect(stub()).toHaveAlarmAt(new Date(at));
  await expect(stub()).toHaveAlarmAt(expect.any(Number));
  await expect(expect(stub()).toHaveAlarmAt(at + 1000)).rejects.toThrow(
    /2100-01-01T00:00:01.000Z[\s\S]*2100-01-01T00:00:00.000Z/,
  );
});

test('toHaveSockets', async () => {
  await expect(stub()).toHaveSockets(0);
  const client = await connectWebSocket(stub());
  await expect(stub()).toHaveSockets(1);
  await expect(stub()).toHaveSockets(1, 'all');
  await expect(stub()).toHaveSockets(0, 'none');
  await expect(expect(stub()).toHaveSockets(2)).rejects.toThrow('Received: ');
  await client.close();
});

test('toRejectWithDurableObjectReset', async () => {
  const aborting = () =>
    runInDurableObject(stub(), async (_instance, state) => {
      await state.storage.put('x', 1);
      state.abort('on purpose');
    });
  await aborting().catch(() => {});
  const pending = stub().hang();
  const stopping = stub().stop(); // its own answer is lost, too
  await expect(pending).toRejectWithDurableObjectReset('on purpose');
  await expect(stopping).toRejectWithDurableObjectReset('on purpose');
  await expect(expect(stub().increment()).toRejectWithDurableObjectReset()).rejects.toThrow(
    'resolved to',
  );
  await expect(expect(stub().fail()).toRejectWithDurableObjectReset()).rejects.toThrow(
    'but not because the object was reset',
  );
  await expect(stub().fail()).not.toRejectWithDurableObjectReset();
});
