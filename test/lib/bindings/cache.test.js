// caches beyond what conformance shows (S9.2): time passing, and the end of a runtime.
'use strict';

const vm = require('node:vm');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { time } = require('../../../lib/time');

afterEach(() => jest.restoreAllMocks());
afterAll(removeProjects);

test('a response is there for as long as its headers say, and the cache for as long as its runtime', async () => {
  const source = `
    export default { fetch: () => new Response('ok') };
    globalThis[Symbol.for('test.scope')] = { caches, Response };`;
  const runtime = await boundRuntime({}, { source });
  const { caches, Response } = vm.runInThisContext("globalThis[Symbol.for('test.scope')]");
  const headers = { 'cache-control': 'max-age=60' };
  await caches.default.put('http://a.test/', new Response('cached', { headers }));
  const ask = async () => (await caches.default.match('http://a.test/'))?.text();
  const now = Date.now();
  const clock = jest.spyOn(time, 'now').mockReturnValue(now + 59_000);
  expect(await ask()).toBe('cached');
  clock.mockReturnValue(now + 61_000);
  expect(await ask()).toBeUndefined();
  clock.mockReturnValue(now);
  expect(await ask()).toBe('cached');
  await runtime.close();
  await expect(caches.default.match('http://a.test/')).rejects.toThrow('The runtime is closed.');
});
