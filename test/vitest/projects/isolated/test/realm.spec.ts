import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, expect, it, vi } from 'vitest';
import { Notes } from '../src/index';

afterEach(() => vi.useRealTimers());

it('has one realm with the objects', async () => {
  const stub = env.NOTES.getByName('realm');
  await expect(stub.fail()).rejects.toBeInstanceOf(RangeError);
  await expect(stub.fail()).rejects.toMatchObject({ message: 'as the test expects', remote: true });
  const found = await runInDurableObject(stub, (instance) => instance);
  expect(found).toBeInstanceOf(Notes);
  expect(await stub.list()).toBeInstanceOf(Array);
});

it('has the globals of Workers', () => {
  expect(new Response('x')).toBeInstanceOf(Response);
  expect(new WebSocketPair()[0]).toBeInstanceOf(WebSocket);
  expect(navigator.userAgent).toBe('Cloudflare-Workers');
});

it('lets fake timers reach the objects', async () => {
  vi.useFakeTimers();
  const called = env.NOTES.getByName('timers').later(60_000);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await called).toBe('later');
});

it('takes a stubbed global', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('stubbed')));
  const { default: ask } = await import('./ask');
  expect(await ask()).toBe('stubbed');
  vi.unstubAllGlobals();
});
