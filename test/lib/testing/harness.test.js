'use strict';
// createTestHarness(), in the shape of wrangler's (S10.4.1).

const path = require('node:path');
const { createTestHarness } = require('../../../lib/testing');

const root = path.join(__dirname, 'fixtures/harness');
const workers = [{ configPath: './web.jsonc' }, { configPath: './api.jsonc' }];
const server = createTestHarness({ root, workers });

beforeAll(() => server.listen());
afterEach(() => server.reset());
afterAll(() => server.close());

/** @param {Promise<Response>} response */
const text = async (response) => (await response).text();

test('requests go to the Worker whose routes match', async () => {
  const { url } = await server.listen();
  expect(await text(server.fetch('/hi'))).toBe('hello /hi ');
  expect(await text(fetch(new URL('/net', url)))).toBe('hello /net ');
  expect(await text(server.fetch('http://api.example.com/v1/a'))).toBe('api /v1/a');
  expect(await text(server.fetch('http://api.example.com/v2/a'))).toBe('hello /v2/a ');
  expect(await text(server.fetch('http://x.internal.example.com/'))).toBe('api /');
  expect(await text(server.fetch('/api'))).toBe('api /v1/x');
});

test('a handle of one Worker', async () => {
  const web = server.getWorker();
  expect(await text(server.getWorker('api').fetch('/direct'))).toBe('api /direct');
  expect(await web.scheduled({ cron: '0 * * * *' })).toEqual({ outcome: 'ok', noRetry: true });
  expect(await text(web.fetch('/'))).toBe('hello / 0 * * * *');
  expect((await web.getEnv()).GREETING).toBe('hello');
  expect(await text((await web.getExport()).fetch('http://x/exported'))).toContain('/exported');
  const raw = 'From: a@a.test\r\nMessage-ID: <1@a.test>\r\n\r\n';
  const mail = { from: 'a@a.test', to: 'b@b.test', raw };
  expect(await web.email(mail)).toMatchObject({ outcome: 'ok', rejectReason: 'to b@b.test' });
  expect(await server.getWorker('api').email(mail)).toMatchObject({
    outcome: 'exception',
    events: [{ type: 'unhandled' }],
  });
  await expect(server.getWorker('none').fetch('/')).rejects.toThrow('There are: web, api.');
});

test('objects', async () => {
  const web = server.getWorker('web');
  await server.fetch('/count');
  expect(await text(server.fetch('/count'))).toBe('2');
  const [id] = await web.listDurableObjectIds('Counter');
  expect(await web.listDurableObjectIds('COUNTER')).toEqual([id]);
  const storage = await web.getDurableObjectStorage('Counter', { id });
  expect(await storage.exec('SELECT SUM(n) AS sum FROM counts WHERE n = ?', 1)).toEqual([
    { sum: 2 },
  ]);
  await web.evictDurableObject('COUNTER', { name: 'a' });
  expect(await text(server.fetch('/count'))).toBe('1');
  await expect(web.listDurableObjectIds('NONE')).rejects.toThrow(
    'no Durable Object class or binding "NONE"',
  );
});

test('reset() gives empty storage and the first options', async () => {
  await server.fetch('/count');
  await server.update((options) => ({
    ...options,
    workers: [{ configPath: './web.jsonc', vars: { GREETING: 'bye' } }, workers[1]],
  }));
  expect(await text(server.fetch('/'))).toMatch(/^bye/);
  await server.reset();
  expect(await text(server.fetch('/'))).toMatch(/^hello/);
  expect(await server.getWorker().listDurableObjectIds('COUNTER')).toEqual([]);
});

test('D1 migrations of the project', async () => {
  const web = server.getWorker();
  await web.applyD1Migrations('DB');
  await web.applyD1Migrations('DB');
  const { DB } = await web.getEnv();
  expect((await DB.prepare('SELECT a FROM t').all()).results).toEqual([{ a: 'one' }]);
});

test('logs', async () => {
  await server.fetch('/logged');
  expect(server.getLogs()).toEqual([
    { timestamp: expect.any(Number), level: 'log', message: 'asked for /logged' },
  ]);
  const print = jest.spyOn(console, 'log').mockImplementation(() => {});
  server.debug();
  expect(print.mock.calls[0][0]).toMatch(/GET http:\S+\/logged\n.*web \[log\] asked for \/logged/);
  print.mockRestore();
  server.clearLogs();
  expect(server.getLogs()).toEqual([]);
});

test('an inline configuration; a service of another name', async () => {
  const inline = createTestHarness({
    root,
    workers: [
      { configPath: './web.jsonc', bindingOverrides: { API: 'other' } },
      { config: { name: 'other', main: 'api.js', compatibility_date: '2026-11-01' } },
    ],
  });
  await inline.listen();
  expect(await text(inline.fetch('/api'))).toBe('api /v1/x');
  await inline.close();
  await expect(createTestHarness().listen()).rejects.toThrow(
    'call update(options) before listen()',
  );
});
