import manifest from '__STATIC_CONTENT_MANIFEST';
import { evictDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { handled } from '../src/index.mjs';

it('reaches a Worker beside it, and its objects', async () => {
  expect(await (await env.OTHER.fetch('http://example.com/path')).text()).toBe('other has /path');
  expect(await env.THEIRS.getByName('a').hello()).toBe('object of other');
});

it('reaches a function of the configuration', async () => {
  const init = { method: 'POST', body: 'body', headers: { 'x-is': 'header' } };
  const response = await env.ECHO.fetch('http://example.com/echo', init);
  expect(response.status).toBe(201);
  expect(response.headers.get('x-was')).toBe('header');
  expect(response.url).toBe('http://example.com/echo');
  expect(await response.text()).toBe('POST http://example.com/echo body');
});

it('stores stubs', async () => {
  await env.KEEPER.getByName('a').keep('kept');
  await evictDurableObject(env.KEEPER.getByName('a'));
  expect(await env.KEEPER.getByName('a').useKept()).toBe('KEPT');
});

it('has a Workers Site', async () => {
  const { 'index.mjs': key, ...others } = JSON.parse(manifest);
  expect(others).toEqual({});
  expect(await env.__STATIC_CONTENT.get(key)).toContain('export default');
});

it('is told what a function throws', async () => {
  const response = await env.THROWS.fetch('http://example.com/');
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/Error: of the service/);
});

it('gives what leaves the Worker to outboundService', async () => {
  const response = await exports.default.fetch('http://example.com/');
  expect(await response.text()).toBe('outside: http://outside.example/from the options');
});

it('calls scheduled() and queue() of the default export', async () => {
  const scheduled = { cron: '* * * * *', scheduledTime: new Date(1000) };
  expect(await exports.default.scheduled(scheduled)).toEqual({ outcome: 'ok', noRetry: true });
  const message = (id) => ({ id, timestamp: new Date(2000), attempts: 1, body: { id } });
  expect(await exports.default.queue('jobs', [message('a'), message('b')])).toEqual({
    outcome: 'ok',
    ackAll: false,
    retryBatch: { retry: false },
    explicitAcks: ['a'],
    retryMessages: [{ msgId: 'b', delaySeconds: 5 }],
  });
  const failed = await exports.default.queue('jobs', ['a', 'b', 'c'].map(message));
  expect(failed.outcome).toBe('exception');
  expect(handled.slice(0, 2)).toEqual([
    ['scheduled', '* * * * *', 1000],
    ['queue', 'jobs', { id: 'a' }, true],
  ]);
});

it('changes env for all', async () => {
  const before = env.TEXT;
  env.TEXT = ' changed';
  expect(await (await exports.default.fetch('http://example.com/')).text()).toMatch(/ changed$/);
  env.TEXT = before;
});
