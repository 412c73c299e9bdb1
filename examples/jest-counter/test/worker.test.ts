import { SELF, env, fetchMock } from 'cloudflare:test';

beforeAll(() => {
  fetchMock.activate();
  fetchMock.disableNetConnect();
});
afterEach(() => fetchMock.assertNoPendingInterceptors());
afterAll(() => fetchMock.deactivate());

const ask = async (path: string) => (await SELF.fetch(`http://localhost${path}`)).text();

describe('with a name', () => {
  beforeAll(() => env.NAMES.put('/a', 'Apples'));

  test('each path has a counter', async () => {
    expect(await ask('/a')).toBe('Apples: 1');
    expect(await ask('/a')).toBe('Apples: 2');
    await expect(env.COUNTER.getByName('/a')).toHaveStored('count', 2);
  });
});

test('a name from the directory', async () => {
  fetchMock.get('https://names.example.com').intercept({ path: '/b' }).reply(200, 'Bananas');
  expect(await ask('/b')).toBe('Bananas: 1');
});

test('no name', async () => {
  fetchMock.get('https://names.example.com').intercept({ path: '/c' }).reply(404);
  expect(await ask('/c')).toBe('/c: 1');
});
