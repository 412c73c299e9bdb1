// What jest-environment-miniflare tested of itself: storage in layers, globals, helpers. Undone in each test is what the test before wrote.
import worker from './src/index';

const bindings = getMiniflareBindings();

/** One value that hooks and tests add their letters to, in three kinds of storage. */
const kinds: [
  string,
  {
    make?: () => Promise<unknown>;
    get: () => Promise<string>;
    set: (text: string) => Promise<unknown>;
  },
][] = [
  [
    'KV',
    {
      get: async () => (await bindings.KV.get('text')) ?? '',
      set: (text) => bindings.KV.put('text', text),
    },
  ],
  [
    'D1',
    {
      make: () =>
        bindings.DB.exec(
          "CREATE TABLE texts (text TEXT); INSERT INTO texts VALUES ('')".replace('; ', '\n'),
        ),
      get: async () => String(await bindings.DB.prepare('SELECT text FROM texts').first('text')),
      set: (text) => bindings.DB.prepare('UPDATE texts SET text = ?').bind(text).run(),
    },
  ],
  [
    'Cache',
    {
      get: async () => (await (await caches.default.match('http://x/'))?.text()) ?? '',
      set: (text) =>
        caches.default.put(
          'http://x/',
          new Response(text, { headers: { 'cache-control': 'max-age=3600' } }),
        ),
    },
  ],
  [
    'a Durable Object',
    {
      get: async () => (await (await storageOf('layers')).get<string>('text')) ?? '',
      set: async (text) => (await storageOf('layers')).put('text', text),
    },
  ],
];

const storageOf = (name: string) =>
  getMiniflareDurableObjectStorage(bindings.STORE.idFromName(name));

describe.each(kinds)('layers of %s', (_name, { make, get, set }) => {
  const append = async (text: string) => set((await get()) + text);
  beforeAll(async () => {
    await make?.();
    await append('a');
  });
  beforeEach(() => append('b'));

  test.each(['c', 'd'])('of the file: %s', async (own) => {
    await append(own);
    expect(await get()).toBe(`ab${own}`);
  });

  describe('one block deeper', () => {
    beforeAll(() => append('e'));
    beforeEach(() => append('f'));

    test.each(['g', 'h'])('%s', async (own) => {
      await append(own);
      expect(await get()).toBe(`aebf${own}`);
    });

    describe('two blocks deeper', () => {
      beforeAll(() => append('i'));
      beforeEach(() => append('j'));

      test.each(['k', 'l'])('%s', async (own) => {
        await append(own);
        expect(await get()).toBe(`aeibfj${own}`);
      });
    });
  });

  test.each(['m', 'n'])('after the blocks: %s', async (own) => {
    await append(own);
    expect(await get()).toBe(`ab${own}`);
  });
});

describe('a cache with a name', () => {
  test('is one by itself', async () => {
    const cache = await caches.open('named');
    const headers = { 'cache-control': 'max-age=60' };
    await cache.put('http://x/', new Response('named', { headers }));
    expect(await (await cache.match('http://x/'))?.text()).toBe('named');
    expect(await caches.default.match('http://x/')).toBeUndefined();
  });
});

describe('Durable Objects', () => {
  const id = bindings.STORE.idFromName('mine');
  beforeAll(async () => (await storageOf('mine')).put('seed', 'value'));

  test('see what a hook stored', async () => {
    await expect(bindings.STORE.get(id)).toHaveStored('seed', 'value');
  });

  test('a class of the test, with the state of an object', async () => {
    class Mine {
      constructor(private readonly state: DurableObjectState) {}
      async fetch(): Promise<Response> {
        const count = (await this.state.storage.get<number>('count')) ?? 0;
        void this.state.storage.put('count', count + 1);
        return new Response(String(count));
      }
    }
    const state = await getMiniflareDurableObjectState(id);
    const mine = new Mine(state);
    const call = () => runWithMiniflareDurableObjectGates(state, () => mine.fetch());
    const answers = await Promise.all([call(), call()]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['0', '1']);
    expect(await state.storage.get('count')).toBe(2);
  });

  test('are listed once they are used', async () => {
    expect(await getMiniflareDurableObjectIds('STORE')).toEqual([String(id)]);
    bindings.STORE.get(bindings.STORE.idFromName('other'));
    expect(await getMiniflareDurableObjectIds('STORE')).toHaveLength(1);
    await bindings.STORE.getByName('other').clear();
    expect(await getMiniflareDurableObjectIds('STORE')).toHaveLength(2);
  });

  test('the instance can be spied on', async () => {
    const stub = bindings.ECHO.getByName('spied');
    const instance = await getMiniflareDurableObjectInstance<any>(stub.id);
    const fetchOf = jest.spyOn(instance, 'fetch');
    await (await stub.fetch('http://x/')).text();
    expect(instance.constructor.name).toBe('Echo');
    expect(fetchOf).toHaveBeenCalledTimes(1);
  });
});

describe('waitUntil', () => {
  test('results of a context that the test made', async () => {
    const ctx = new ExecutionContext();
    expect(Object.getPrototypeOf(ctx).constructor.name).toBe('ExecutionContext');
    ctx.waitUntil(bindings.KV.put('k', 'v'));
    ctx.waitUntil(Promise.resolve('two'));
    expect(await getMiniflareWaitUntil(ctx)).toEqual([undefined, 'two']);
    expect(await bindings.KV.get('k')).toBe('v');
  });

  const request = new Request('http://x/');
  test.each<[string, () => any, object]>([
    ['FetchEvent', () => new (FetchEvent as any)('fetch', { request }), { request }],
    [
      'ScheduledEvent',
      () => new (ScheduledEvent as any)('scheduled', { scheduledTime: 1000, cron: '30 * * * *' }),
      { scheduledTime: 1000, cron: '30 * * * *' },
    ],
  ])('results of a %s that the test made', async (name, make, fields) => {
    const event = make();
    expect(event).toBeInstanceOf((globalThis as any)[name]);
    expect(event).toMatchObject(fields);
    event.waitUntil(bindings.KV.put('k', name));
    expect(await getMiniflareWaitUntil(event)).toEqual([undefined]);
    expect(await bindings.KV.get('k')).toBe(name);
  });

  test('a listener that the test calls with an event', async () => {
    const event = new (FetchEvent as any)('fetch', { request: new Request('http://x/path') });
    const answered = jest.fn();
    event.respondWith(Promise.resolve(new Response('ok')).then(answered));
    await getMiniflareWaitUntil(event);
    expect(answered).toHaveBeenCalledTimes(1);
  });
});

describe('what fetch is answered with', () => {
  beforeEach(() => getMiniflareFetchMock().disableNetConnect());
  afterEach(() => getMiniflareFetchMock().deactivate());

  test('a text', async () => {
    getMiniflareFetchMock().get('https://x').intercept({ path: '/' }).reply(200, 'mocked');
    expect(await (await fetch(new Request('https://x/'))).text()).toBe('mocked');
  });

  test('what a function makes of the request', async () => {
    const reply = jest.fn(({ method, path, body }) => ({ method, path, body }));
    getMiniflareFetchMock()
      .get('https://x')
      .intercept({ path: '/p', method: 'POST' })
      .reply(200, reply);
    const answer = await fetch('https://x/p', { method: 'POST', body: '{"a":1}' });
    expect(await answer.json()).toEqual({ method: 'POST', path: '/p', body: '{"a":1}' });
  });
});

describe('what a test has', () => {
  test('the Worker, as a module', async () => {
    const response = await worker.fetch(new Request('http://x/path'));
    expect(await response.text()).toBe('worker GET /path');
  });

  test('packages by the conditions of Workers', async () => {
    expect((await import('#chosen' as any)).chosen).toBe('worker');
  });

  test('what .env says', () => expect(bindings.FROM_FILE).toBe('a value'));

  test('globals of the options', () => expect(FROM_OPTIONS).toBe('a global'));

  test("Jest's console", () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => {});
    console.log('hello');
    expect(log).toHaveBeenCalledWith('hello');
  });

  test('fake timers', () => {
    jest.useFakeTimers();
    const late = jest.fn();
    setTimeout(late, 1000);
    jest.runAllTimers();
    expect(late).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
  });

  test('random numbers, in handlers and outside', () => {
    const bytes = crypto.getRandomValues(new Uint8Array(64));
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
  });

  test('one Object, and one Uint8Array', () => {
    expect(new Uint8Array() instanceof Object).toBe(true);
    expect({}.constructor).toBe(Object);
    expect(new Object({ a: 1 })).toEqual({ a: 1 });
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test('eval', () => expect(eval('1 + 1')).toBe(2));

  test('HTMLRewriter', async () => {
    const rewriter = new HTMLRewriter().on('p', { element: (p) => void p.setInnerContent('new') });
    expect(await rewriter.transform(new Response('<p>old</p>')).text()).toBe('<p>new</p>');
  });

  test('WebSocketPair', async () => {
    const { 0: client, 1: server } = new WebSocketPair();
    client.accept();
    server.accept();
    server.addEventListener('message', ({ data }) => server.send(`echo ${data}`));
    const heard = new Promise((resolve) => client.addEventListener('message', resolve));
    client.send('test');
    expect(await heard).toMatchObject({ data: 'echo test' });
    client.close();
  });
});
