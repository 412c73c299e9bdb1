'use strict';
// FetchMock, in the shape of undici's MockAgent (S10.2).

const { FetchMock } = require('../../../lib/testing/fetch-mock/fetch-mock');

/** @type {any} */
let scope;
/** @type {FetchMock} */
let mock;

beforeEach(() => {
  scope = { fetch: jest.fn(async () => 'real') };
  mock = new FetchMock(scope);
  mock.activate();
});

const origin = 'https://example.com';
const text = async (...args) => (await scope.fetch(...args)).text();

test('each interceptor answers once, or as often as it says', async () => {
  const pool = mock.get(origin);
  pool.intercept({ path: '/a' }).reply(200, 'once');
  pool.intercept({ path: '/b' }).reply(200, 'twice').times(2);
  pool.intercept({ path: '/c' }).reply(200, 'ever').persist();
  expect(await text(`${origin}/a`)).toBe('once');
  expect(await scope.fetch(`${origin}/a`)).toBe('real');
  expect([await text(`${origin}/b`), await text(`${origin}/b`)]).toEqual(['twice', 'twice']);
  expect(mock.pendingInterceptors()).toMatchObject([{ path: '/c', method: 'GET', persist: true }]);
  for (let count = 0; count < 5; count += 1) expect(await text(`${origin}/c`)).toBe('ever');
  mock.assertNoPendingInterceptors();
});

test('what it looks at', async () => {
  mock.disableNetConnect();
  const reply = (options) =>
    mock
      .get(/example/)
      .intercept(options)
      .reply(200, 'found');
  reply({
    path: (path) => path.startsWith('/f'),
    method: 'POST',
    body: /needle/,
    headers: { 'X-Key': 'k' },
  });
  const init = { method: 'POST', body: 'a needle', headers: { 'x-key': 'k' } };
  await expect(text(`${origin}/f`, { ...init, body: 'hay' })).rejects.toThrow('fetch failed');
  await expect(text(`${origin}/f`, { ...init, headers: {} })).rejects.toThrow('fetch failed');
  await expect(text(`${origin}/g`, init)).rejects.toMatchObject({
    cause: { message: expect.stringContaining("Mock dispatch not matched for POST '/g'") },
  });
  expect(await text(`${origin}/f`, init)).toBe('found');
  reply({ path: '/q', query: { a: 1, b: ['x', 'y'] } });
  expect(await text(`${origin}/q?a=1&b=x&b=y`)).toBe('found');
});

test('what it answers', async () => {
  const pool = mock.get(origin);
  pool
    .intercept({ path: '/json' })
    .defaultReplyHeaders({ 'x-default': 'd' })
    .replyContentLength()
    .reply(201, { a: 1 }, { headers: { 'x-own': ['1', '2'] } })
    .delay(1);
  const response = await scope.fetch(`${origin}/json`);
  expect(response.status).toBe(201);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-length': '7',
    'x-default': 'd',
    'x-own': '1, 2',
  });
  expect(await response.json()).toEqual({ a: 1 });
  pool
    .intercept({ path: '/data', method: 'PUT' })
    .reply(200, ({ body, method }) => `${method} ${body}`);
  expect(await text(`${origin}/data`, { method: 'PUT', body: 'sent' })).toBe('PUT sent');
  pool.intercept({ path: '/all' }).reply(async ({ path }) => ({ statusCode: 404, data: path }));
  expect((await scope.fetch(`${origin}/all`)).status).toBe(404);
  pool.intercept({ path: '/fails' }).replyWithError(new Error('down'));
  await expect(scope.fetch(`${origin}/fails`)).rejects.toThrow('down');
});

test('which hosts may be reached', async () => {
  mock.disableNetConnect();
  mock.enableNetConnect('localhost:8787');
  mock.enableNetConnect(/allowed/);
  expect(await scope.fetch('http://localhost:8787/')).toBe('real');
  expect(await scope.fetch('http://allowed.example.com/')).toBe('real');
  await expect(scope.fetch(`${origin}/`)).rejects.toThrow('fetch failed');
  mock.enableNetConnect();
  expect(await scope.fetch(`${origin}/`)).toBe('real');
});

test('pending interceptors are listed; deactivate() puts back what was there', async () => {
  const before = new FetchMock(scope);
  mock.get(origin).intercept({ path: '/left' }).reply(204);
  expect(() => mock.assertNoPendingInterceptors()).toThrow(
    '1 interceptor is pending:\n\n  GET https://example.com/left (204)',
  );
  before.deactivate();
  mock.deactivate();
  expect(await scope.fetch(`${origin}/left`)).toBe('real');
  await mock.close();
  mock.assertNoPendingInterceptors();
});
