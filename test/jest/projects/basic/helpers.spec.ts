// The helpers of cloudflare:test (S10.2).
import {
  SELF,
  abortAllDurableObjects,
  adminSecretsStore,
  applyD1Migrations,
  connectWebSocket,
  createExecutionContext,
  createMessageBatch,
  createPagesEventContext,
  createScheduledController,
  env,
  evictAllDurableObjects,
  evictDurableObject,
  fetchMock,
  getQueueResult,
  hibernateDurableObject,
  listDurableObjectIds,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env as workersEnv, exports, waitUntil } from 'cloudflare:workers';
import worker, { Counter } from './src/index';

test('env and SELF are those of cloudflare:workers', async () => {
  expect(workersEnv.GREETING).toBe('hello');
  expect(env.GREETING).toBe('hello');
  expect(await (await SELF.fetch('http://localhost/a')).text()).toBe('HELLO 1');
  expect(await (await exports.default.fetch('http://localhost/a')).text()).toBe('HELLO 2');
});

test('runInDurableObject gives the instance of the class that the test imports (S10.2.1)', async () => {
  const stub = env.COUNTER.getByName('a');
  await stub.increment(3);
  const result = await runInDurableObject(stub, async (instance: Counter, state) => {
    expect(instance).toBeInstanceOf(Counter);
    expect(instance.inMemory).toBe(3);
    expect(await state.storage.get('count')).toBe(3);
    return instance;
  });
  expect(result).toBeInstanceOf(Counter);
  const error = new Error('mine');
  await expect(
    runInDurableObject(stub, () => {
      throw error;
    }),
  ).rejects.toBe(error);
  const response = await runInDurableObject(stub, () => new Response('passed'));
  expect(await response.text()).toBe('passed');
  await expect(runInDurableObject({} as any, () => 1)).rejects.toThrow(
    "Failed to execute 'runInDurableObject': parameter 1 is not of type 'DurableObjectStub'.",
  );
});

test('a spy on the instance is called', async () => {
  const stub = env.COUNTER.getByName('spied');
  await runInDurableObject(stub, (instance: Counter) => {
    jest.spyOn(instance, 'increment').mockResolvedValue(42);
  });
  expect(await stub.increment()).toBe(42);
});

test('runDurableObjectAlarm runs it before its time (S10.2.2)', async () => {
  const stub = env.COUNTER.getByName('a');
  expect(await runDurableObjectAlarm(stub)).toBe(false);
  await stub.remind(Date.now() + 3_600_000);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await runDurableObjectAlarm(stub)).toBe(false);
  await runInDurableObject(stub, async (_instance, { storage }) => {
    expect(await storage.get('rang')).toBe(true);
  });
});

test('listDurableObjectIds (S10.2.6)', async () => {
  expect(await listDurableObjectIds(env.COUNTER)).toEqual([]);
  await env.COUNTER.getByName('a').increment();
  const ids = await listDurableObjectIds(env.COUNTER);
  expect(ids.map(String)).toEqual([String(env.COUNTER.idFromName('a'))]);
});

test('eviction keeps what is stored (S10.2.3)', async () => {
  const stub = env.COUNTER.getByName('a');
  await expect(evictDurableObject(stub)).rejects.toThrow('it is not currently running');
  await stub.increment();
  await evictDurableObject(stub);
  await runInDurableObject(stub, async (instance: Counter, { storage }) => {
    expect(instance.inMemory).toBe(0);
    expect(await storage.get('count')).toBe(1);
  });
  await evictAllDurableObjects();
  await abortAllDurableObjects();
  expect(await env.COUNTER.getByName('a').increment()).toBe(2);
});

test('hibernation keeps the socket (S6.15)', async () => {
  const stub = env.COUNTER.getByName('a');
  const client = await connectWebSocket(stub);
  await stub.increment(7);
  client.send('one');
  expect(await client.next()).toBe('7 one');
  await hibernateDurableObject(stub);
  client.send('two');
  expect(await client.next()).toBe('0 two');
  await evictDurableObject(stub, { webSockets: 'close' });
  expect(await client.closed).toMatchObject({ code: 1006 });
  await expect(client.next()).rejects.toThrow('The WebSocket was closed (1006');
});

test('connectWebSocket tells what it got in place of a socket', async () => {
  await expect(connectWebSocket(SELF, 'http://localhost/a')).rejects.toThrow(
    'The answer is no WebSocket: 200 HELLO 1',
  );
});

test('reset deletes everything', async () => {
  await env.KV.put('k', 'v');
  await env.COUNTER.getByName('a').increment();
  await reset();
  expect(await env.KV.get('k')).toBeNull();
  expect(await env.COUNTER.getByName('a').increment()).toBe(1);
});

test('handlers can be called directly', async () => {
  const ctx = createExecutionContext();
  const response = await worker.fetch(new Request('http://localhost/direct'), env, ctx);
  expect(await response.text()).toBe('HELLO 1');
  await waitOnExecutionContext(ctx);
  expect(await env.KV.get('last')).toBe('/direct');
  ctx.waitUntil(Promise.reject(new Error('late')));
  await expect(waitOnExecutionContext(ctx)).rejects.toThrow('late');
  await expect(waitOnExecutionContext({} as any)).rejects.toThrow(
    "Failed to execute 'getWaitUntil': parameter 1 is not of type 'ExecutionContext'.",
  );
  waitUntil(Promise.resolve());
});

test('queue handlers', async () => {
  const batch = createMessageBatch('queue', [
    { id: '1', timestamp: new Date(1000), attempts: 1, body: 'good' },
    { id: '2', timestamp: 2000, attempts: 1, body: 'bad' },
  ]);
  const ctx = createExecutionContext();
  await worker.queue(batch as MessageBatch<string>);
  expect(await getQueueResult(batch, ctx)).toEqual({
    outcome: 'ok',
    ackAll: false,
    retryBatch: { retry: false },
    explicitAcks: ['1'],
    retryMessages: [{ msgId: '2', delaySeconds: 5 }],
  });
  batch.retryAll();
  expect(await getQueueResult(batch, ctx)).toMatchObject({ retryBatch: { retry: true } });
  expect(() => createMessageBatch('queue', undefined as any)).toThrow(
    "parameter 2 is not of type 'Array'",
  );
});

test('other arguments of handlers', async () => {
  const controller = createScheduledController({
    scheduledTime: new Date(5000),
    cron: '* * * * *',
  });
  expect(controller).toMatchObject({ scheduledTime: 5000, cron: '* * * * *' });
  expect(controller.noRetry()).toBeUndefined();
  expect(() =>
    createPagesEventContext({ request: new Request('http://localhost/') } as any),
  ).toThrow('without defining `ASSETS` service binding');
});

test('applyD1Migrations', async () => {
  const migrations = [
    { name: '0001_a', queries: ['CREATE TABLE t (a INTEGER)', 'INSERT INTO t VALUES (1)'] },
    { name: '0002_b', queries: ['INSERT INTO t VALUES (2)'] },
  ];
  await applyD1Migrations(env.DB, migrations.slice(0, 1));
  await applyD1Migrations(env.DB, migrations);
  await applyD1Migrations(env.DB, migrations);
  const { results } = await env.DB.prepare('SELECT a FROM t ORDER BY a').all();
  expect(results).toEqual([{ a: 1 }, { a: 2 }]);
});

test('adminSecretsStore: secrets that the Worker can only read', async () => {
  await expect(env.SECRET.get()).rejects.toThrow('Secret "mine" not found');
  const admin = adminSecretsStore(env.SECRET);
  const id = await admin.create('first');
  expect(await env.SECRET.get()).toBe('first');
  await admin.update('second', id);
  expect(await env.SECRET.get()).toBe('second');
  expect(await admin.list()).toEqual([{ name: 'mine', metadata: { uuid: id } }]);
  await admin.delete(id);
  await expect(env.SECRET.get()).rejects.toThrow('not found');
  expect(() => adminSecretsStore(env.KV as any)).toThrow(
    "Failed to execute 'adminSecretsStore': parameter 1 is not a secrets store binding.",
  );
});

describe('fetchMock', () => {
  beforeAll(() => {
    fetchMock.activate();
    fetchMock.disableNetConnect();
  });
  afterEach(() => fetchMock.assertNoPendingInterceptors());
  afterAll(() => fetchMock.deactivate());

  test('answers what the Worker fetches', async () => {
    fetchMock
      .get('https://example.com')
      .intercept({ path: '/data?x=1' })
      .reply(200, { some: 'json' }, { headers: { 'content-type': 'application/json' } });
    const response = await SELF.fetch('http://localhost/outside');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ some: 'json' });
  });

  test('refuses what nothing matches', async () => {
    await expect(SELF.fetch('http://localhost/outside')).rejects.toMatchObject({
      message: 'fetch failed',
    });
    fetchMock
      .get('https://example.com')
      .intercept({ path: '/data', query: { x: 1 } })
      .reply(204);
    expect(() => fetchMock.assertNoPendingInterceptors()).toThrow(
      'GET https://example.com/data?x=1 (204)',
    );
    expect((await SELF.fetch('http://localhost/outside')).status).toBe(204);
  });
});
