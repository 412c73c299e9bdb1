// KV beyond what conformance shows (S8.7.1): time passing, restarts, what a crash leaves behind.
'use strict';

const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');
const { time } = require('../../../lib/time');

/** @type {any} */
let runtime;
afterEach(async () => {
  jest.restoreAllMocks();
  await runtime?.close();
});
afterAll(removeProjects);

const config = { kv_namespaces: [{ binding: 'KV', id: 'kv' }] };

test('what the caller gives stands in place of a KV namespace', async () => {
  const own = { get: () => 'own' };
  runtime = await boundRuntime(config, { bindings: { KV: own } });
  expect(runtime.env.KV).toBe(own);
});

test('an expired entry is gone: from get, from lists, and with the next put from the disk', async () => {
  runtime = await boundRuntime(config);
  const { KV } = runtime.env;
  await KV.put('short', 'v', { expirationTtl: 60 });
  await KV.put('long', 'v', { expirationTtl: 600 });
  const start = Date.now();
  const clock = jest.spyOn(time, 'now').mockReturnValue(start + 50_000);
  expect(await KV.get('short')).toBe('v');
  clock.mockReturnValue(start + 62_000);
  expect((await KV.list()).keys.map((/** @type {any} */ key) => key.name)).toEqual(['long']);
  expect(await KV.get('short')).toBeNull();
  clock.mockReturnValue(start + 700_000);
  await KV.put('other', 'v');
  clock.mockReturnValue(start);
  expect(await KV.get('long')).toBeNull();
});

test('a binding without an id has data of its own name', async () => {
  const dataDir = temporaryDirectory('kv');
  runtime = await boundRuntime(
    { kv_namespaces: [{ binding: 'A' }, { binding: 'B', id: 'A' }] },
    { dataDir },
  );
  await runtime.env.A.put('k', 'v');
  expect(await runtime.env.B.get('k')).toBe('v');
});

test('the config is checked', async () => {
  const bad = boundRuntime({ kv_namespaces: [{ id: 5 }] });
  await expect(bad).rejects.toThrow(
    '"kv_namespaces[0]": entry should have a string "binding" field. the field "id", when present, should be a string.',
  );
  await expect(boundRuntime({ kv_namespaces: {} })).rejects.toThrow(
    'The field "kv_namespaces" should be an array but got {}.',
  );
});

test('calls after the end reject', async () => {
  const ended = await boundRuntime(config);
  await ended.close();
  await expect(ended.env.KV.get('k')).rejects.toThrow('The runtime is closed.');
});

test('a stream that is too long is refused with its length', async () => {
  runtime = await boundRuntime(config);
  let left = 26;
  const stream = new ReadableStream({
    pull(controller) {
      left -= 1;
      controller.enqueue(new Uint8Array(1024 * 1024));
      if (left === 0) controller.close();
    },
  });
  await expect(runtime.env.KV.put('over', stream)).rejects.toThrow(
    'KV PUT failed: 413 Value length of 27262976 exceeds limit of 26214400.',
  );
  expect(await runtime.env.KV.get('over')).toBeNull();
});
