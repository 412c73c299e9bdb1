/* global scheduler */
'use strict';

const { installGlobals } = require('../../../lib/web/install-globals.js');
const web = require('../../../lib/web/internal.js');

const NodeResponse = globalThis.Response;
// Of the process, not of this test file's realm: a test file before this one may have installed them for good.
const { timingSafeEqual } = crypto.subtle;
const { DigestStream } = crypto;
let uninstall;
beforeEach(() => {
  uninstall = installGlobals({ flags: { rpc: true, nope: false } });
});
afterEach(() => uninstall());

test('S9.2 the classes are in place, not enumerable', () => {
  expect(globalThis.Response).toBe(web.Response);
  expect(globalThis.WebSocket).toBe(web.WebSocket);
  expect(Object.keys(globalThis)).not.toContain('WebSocketPair');
  expect(globalThis.self).toBe(globalThis);
  expect(navigator.userAgent).toBe('Cloudflare-Workers');
  expect(globalThis.Cloudflare.compatibilityFlags).toEqual({ rpc: true });
  expect(crypto.subtle.timingSafeEqual(new Uint8Array(1), new Uint8Array(1))).toBe(true);
  expect(new crypto.DigestStream('SHA-1')).toBeInstanceOf(WritableStream);
});

test('S9.2 Node instances pass for instances, whichever class is asked', () => {
  expect(new NodeResponse('x')).toBeInstanceOf(Response);
  expect(new Headers(new NodeResponse('x').headers).get('content-type')).toMatch(/^text\/plain/);
});

test('S9.2 HTMLRewriter exists; using it says that it is missing', () => {
  const missing = (name) => `The global \`${name}\` is not supported by Holdfast yet.`;
  expect(() => new globalThis.HTMLRewriter()).toThrow(missing('HTMLRewriter'));
});

test('S9.2 scheduler.wait', async () => {
  await scheduler.wait(1);
  await expect(scheduler.wait()).rejects.toThrow(
    "Failed to execute 'wait' on 'Scheduler': parameter 1 is not of type 'number'.",
  );
  const reason = new Error('stop');
  await expect(scheduler.wait(60_000, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = scheduler.wait(60_000, { signal: controller.signal });
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('S9.2 events', () => {
  const close = new CloseEvent('close', { code: 1000, reason: 'r', wasClean: true });
  expect([close.code, close.reason, close.wasClean, close.type]).toEqual([
    1000,
    'r',
    true,
    'close',
  ]);
  const error = new ErrorEvent('error', { message: 'm', error: 5 });
  expect([error.message, error.error, new ErrorEvent('x').message]).toEqual(['m', 5, '']);
  expect(new MessageEvent('message', { data: 'd' }).data).toBe('d');
});

test('uninstalling puts everything back', () => {
  uninstall();
  expect(globalThis.Response).toBe(NodeResponse);
  expect('WebSocketPair' in globalThis).toBe(false);
  expect('caches' in globalThis).toBe(false);
  expect(crypto.subtle.timingSafeEqual).toBe(timingSafeEqual);
  expect(crypto.DigestStream).toBe(DigestStream);
});
