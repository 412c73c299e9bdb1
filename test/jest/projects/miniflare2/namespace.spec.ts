// What miniflare 2 tested of namespaces, ids, stubs and states (namespace.spec.ts there).
import { connectWebSocket, env, runInDurableObject } from 'cloudflare:test';
import type { Echo, Room } from './src/index';

const hex = /^[0-9a-f]{64}$/;
const text = async (response: Promise<Response>) => (await response).text();

describe('ids', () => {
  test('an id of a name has it, and is equal to another one of it', () => {
    const id = env.ECHO.idFromName('n');
    expect(id.name).toBe('n');
    expect(id.equals(env.ECHO.idFromName('n'))).toBe(true);
    expect(id.equals(env.ECHO.idFromString(String(id)))).toBe(true);
    expect(id.equals(env.ECHO.idFromName('m'))).toBe(false);
    expect(() => id.equals(String(id) as any)).toThrow(TypeError);
    expect(String(id)).toMatch(hex);
    expect(String(env.ECHO.idFromName('n'))).toBe(String(id));
  });

  test('unique ones differ', () => {
    const ids = Array.from({ length: 10 }, () => env.ECHO.newUniqueId());
    expect(new Set(ids.map(String)).size).toBe(10);
    for (const id of ids) {
      expect(String(id)).toMatch(hex);
      expect(id.name).toBeUndefined();
      expect(env.ECHO.get(id).id.equals(id)).toBe(true);
    }
  });

  test('of one name, in two namespaces', () => {
    expect(String(env.ECHO.idFromName('n'))).not.toBe(String(env.STORE.idFromName('n')));
  });

  test.each([
    ['unique', () => env.STORE.newUniqueId()],
    ['of a name', () => env.STORE.idFromName('n')],
    ['of a string', () => env.STORE.idFromString(String(env.STORE.idFromName('n')))],
  ])('an id, %s, is of its namespace alone', (_name, make) => {
    expect(env.STORE.get(make()).id.equals(env.ECHO.idFromName('n'))).toBe(false);
    expect(() => env.ECHO.get(make())).toThrow(TypeError);
    expect(() => env.ECHO.idFromString(String(make()))).toThrow(TypeError);
  });

  test('from a string, the same id', () => {
    const id = env.ECHO.newUniqueId();
    expect(String(env.ECHO.idFromString(String(id)))).toBe(String(id));
  });

  test.each(['', 'abc', 'z'.repeat(64), '0'.repeat(65)])('"%s" is no id', (given) => {
    expect(() => env.ECHO.idFromString(given)).toThrow('must be 64 hex digits');
  });

  test('of a jurisdiction, which one is asked for (S1.4)', () => {
    const inEurope = env.ECHO.jurisdiction('eu').idFromName('n');
    expect(env.ECHO.get(inEurope).id.equals(inEurope)).toBe(true);
    expect(inEurope.equals(env.ECHO.idFromName('n'))).toBe(false);
    expect(() => env.ECHO.newUniqueId({ jurisdiction: 'eu' })).not.toThrow();
    expect(() => env.ECHO.newUniqueId({ jurisdiction: 'nowhere' as any })).toThrow();
    expect(() => env.ECHO.jurisdiction('nowhere' as any)).toThrow();
  });
});

describe('stubs', () => {
  test('have the id and its name', () => {
    expect(env.ECHO.getByName('n').name).toBe('n');
    expect(env.ECHO.getByName('n').id.equals(env.ECHO.idFromName('n'))).toBe(true);
    expect(env.ECHO.get(env.ECHO.newUniqueId()).name).toBeUndefined();
  });

  test('fetch of a URL with init, of a Request, of a URL object', async () => {
    const stub = env.ECHO.getByName('n');
    expect(await text(stub.fetch('http://x/a', { method: 'POST' }))).toBe('n 1 POST http://x/a');
    const request = new Request('http://x/b', { method: 'PUT' });
    expect(await text(stub.fetch(request))).toBe('n 2 PUT http://x/b');
    expect(await text(stub.fetch(new URL('https://x/c')))).toBe('n 3 GET https://x/c');
  });

  test('fetch takes no relative URL and no other protocol', async () => {
    const stub = env.ECHO.getByName('n');
    await expect(stub.fetch('relative')).rejects.toThrow(TypeError);
    await expect(stub.fetch('strange://x/')).rejects.toThrow(TypeError);
  });

  test('fetch gives a WebSocket', async () => {
    const stub = env.ROOM.getByName('n');
    const client = await connectWebSocket(stub);
    client.send('a message');
    expect(await client.next()).toBe('heard a message');
    await runInDurableObject(stub, ({ received }: Room) => expect(received).toEqual(['a message']));
  });

  test('objects ask objects', async () => {
    const answer = env.ECHO.getByName('n').fetch('http://x/', { headers: { depth: '3' } });
    expect(await text(answer)).toBe('3 2 1 depth 0 1 GET http://x/');
  });

  test('a thousand fetches of one event', async () => {
    const stub = env.ECHO.getByName('n');
    const asked = Array.from({ length: 1000 }, () => text(stub.fetch('http://x/')));
    expect((await Promise.all(asked)).at(-1)).toBe('n 1000 GET http://x/');
  });

  test.each(['mute', 'deaf'])('fetch of an object that is %s', async (name) => {
    await expect(env.WORDLESS.getByName(name).fetch('http://x/')).rejects.toThrow();
  });

  test('what fetch gave has headers that cannot be changed', async () => {
    const { headers } = await env.ECHO.getByName('n').fetch('http://x/');
    expect(() => headers.set('a', 'b')).toThrow(TypeError);
  });

  test('a class that extends nothing', async () => {
    expect(await text(env.LEGACY.getByName('n').fetch('http://x/path'))).toBe('n /path');
  });

  test('fetch under fake timers', async () => {
    jest.useFakeTimers();
    const stub = env.COUNTER.getByName('n');
    expect(await text(stub.fetch('http://x/'))).toBe('0');
    expect(await text(stub.fetch('http://x/'))).toBe('1');
    jest.useRealTimers();
  });
});

describe('states', () => {
  test('blockConcurrencyWhile() of the constructor: the first event comes after it', async () => {
    const stub = env.ECHO.getByName('slow');
    await stub.fetch('http://x/');
    await runInDurableObject(stub, ({ events }: Echo) =>
      expect(events).toEqual(['begins', 'begun', 'fetch']),
    );
  });

  test('waitUntil() takes a promise, and gives nothing', async () => {
    const state = await getMiniflareDurableObjectState(env.ECHO.idFromName('n'));
    expect(state.waitUntil(Promise.resolve())).toBeUndefined();
    expect(state.id.equals(env.ECHO.idFromName('n'))).toBe(true);
    expect(state.storage.get).toBeInstanceOf(Function);
  });

  test('when a call is over, its writes are there', async () => {
    const stub = env.STORE.getByName('n');
    await stub.put('k', 'v', false);
    await expect(stub).toHaveStored('k', 'v');
  });
});

// Read, write and nothing in between: objects are where this cannot go wrong.
describe('numbers that nobody else gets', () => {
  test('of calls at the same time', async () => {
    const stub = env.COUNTER.getByName('n');
    const asked = Array.from({ length: 5 }, () => text(stub.fetch('http://x/')));
    expect(await Promise.all(asked)).toEqual(['0', '1', '2', '3', '4']);
  });

  test('with requests to the outside before', async () => {
    const mock = getMiniflareFetchMock();
    mock.disableNetConnect();
    mock.get('https://outside').intercept({ path: '/' }).reply(200, 'ok').times(2);
    const body = 'https://outside/';
    const answer = await env.COUNTER.getByName('n').fetch('http://x/', { method: 'POST', body });
    expect((await answer.json<number[]>()).sort()).toEqual([0, 1]);
    mock.deactivate();
  });
});
