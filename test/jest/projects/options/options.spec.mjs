// Options of jest-environment-miniflare (S10.3.1), without a configuration; modules of all kinds (S9.3.2).
import manifestText from '__STATIC_CONTENT_MANIFEST';
import { readFileSync } from 'node:fs';
import { env, runInDurableObject, SELF } from 'cloudflare:test';
import { restore } from 'cloudflare:workers';
import * as worker from './src/worker.mjs';

test('bindings', async () => {
  expect(env.NAME).toBe('options');
  expect(env.OBJECT).toEqual({ deep: [1] });
  expect(env.TEXT).toBe('a page\n');
  await env.KV.put('k', 'v');
  expect(await env.KV.get('k')).toBe('v');
  await env.BUCKET.put('k', 'v');
  expect(await (await env.BUCKET.get('k')).text()).toBe('v');
  expect(await env.DB.prepare('SELECT 1 AS one').first()).toEqual({ one: 1 });
  expect(await env.OTHER.getByName('a').sql()).toEqual({ one: 1 });
  await env.QUEUE.send('job');
  expect(await (await env.SERVICE.fetch('http://x/path')).text()).toBe('service /path');
  expect(FROM_OPTIONS).toBe(42);
});

test('stored stubs (S3.8.9)', async () => {
  const stub = env.OTHER.getByName('stubs');
  await stub.keep('kept');
  expect(await stub.useKept()).toBe('KEPT!');
  await runInDurableObject(stub, async (instance, { storage }) => {
    expect(typeof instance[restore]).toBe('function');
    expect(await (await storage.get('stub'))()).toBe('KEPT!');
  });
});

test('a Workers Site', async () => {
  const manifest = JSON.parse(manifestText);
  expect(Object.keys(manifest)).toEqual(['page.txt']);
  expect(await env.__STATIC_CONTENT.get(manifest['page.txt'])).toBe('a page\n');
  expect(await env.__STATIC_CONTENT.get('worker.mjs')).toBeNull();
});

test('modules', async () => {
  expect(await (await SELF.fetch('http://localhost/')).text()).toBe('A PAGE!');
  expect(worker.data).toEqual({ some: 'json' });
  expect(worker.bytes).toBeInstanceOf(ArrayBuffer);
  expect([...new Uint8Array(worker.bytes)]).toEqual([0, 255, 128]);
  expect(worker.url).toMatch(/^file:\/\/.*worker\.mjs$/);
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain('import.meta.url');
  const { shout } = await worker.lazy('shout');
  expect(shout('x')).toBe('X!');
});

test('one realm: values of the runtime are those of the test', async () => {
  const [object, map, date, bytes, pattern, error] = await env.ROOM.getByName('a').realm();
  expect(object).toStrictEqual({});
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  expect(map).toBeInstanceOf(Map);
  expect(map).toStrictEqual(new Map());
  expect(date).toBeInstanceOf(Date);
  expect(bytes).toStrictEqual(new Uint8Array(2));
  expect(pattern).toBeInstanceOf(RegExp);
  expect(error).toBeInstanceOf(Error);
  expect(structuredClone(new Map([[1, new Date(0)]]))).toStrictEqual(new Map([[1, new Date(0)]]));
  expect(Buffer.from('x')).toBeInstanceOf(Uint8Array);
  expect(await crypto.subtle.digest('SHA-256', new Uint8Array(1))).toBeInstanceOf(ArrayBuffer);
  expect(new Response('x').arrayBuffer()).resolves.toBeInstanceOf(ArrayBuffer);
});

test('the globals are those of Workers; the process keeps its own', () => {
  const real = process.getBuiltinModule?.('vm') ?? require('node:vm');
  expect(typeof WebSocketPair).toBe('function');
  expect(typeof HTMLRewriter).toBe('function');
  expect(real.runInThisContext('typeof WebSocketPair')).toBe('undefined');
  expect(real.runInThisContext('Response')).not.toBe(Response);
  globalThis.fetch = 5;
  expect(fetch).toBe(5);
  expect(real.runInThisContext('typeof fetch')).toBe('function');
  globalThis.left = 'behind';
  process.env.LEFT = 'behind';
  expect.extend({ toBeLeft: () => ({ pass: true, message: () => '' }) });
});
