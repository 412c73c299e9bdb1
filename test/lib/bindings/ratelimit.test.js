// Rate limiting and version metadata (S8.7.1).
'use strict';

const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { time } = require('../../../lib/time');

afterEach(() => jest.restoreAllMocks());
afterAll(removeProjects);

test('a key is counted in windows of time; bindings of one namespace count together', async () => {
  const simple = { limit: 2, period: 10 };
  const runtime = await boundRuntime({
    ratelimits: [
      { name: 'A', namespace_id: '1', simple },
      { name: 'SAME', namespace_id: '1', simple },
      { name: 'OTHER', namespace_id: '2', simple: { limit: 3, period: 60 } },
    ],
  });
  const { A, SAME, OTHER } = runtime.env;
  const clock = jest.spyOn(time, 'now').mockReturnValue(600_000);
  const ask = async (/** @type {any} */ limiter, /** @type {object} */ options) =>
    (await limiter.limit(options)).success;
  expect(await ask(A, { key: 'k' })).toBe(true);
  expect(await ask(SAME, { key: 'k' })).toBe(true);
  expect(await ask(A, { key: 'k' })).toBe(false);
  expect(await ask(A, { key: 'other' })).toBe(true);
  expect(await ask(OTHER, { key: 'k', delta: 3 })).toBe(true);
  clock.mockReturnValue(609_999);
  expect(await ask(A, { key: 'k' })).toBe(false);
  clock.mockReturnValue(610_000);
  expect(await ask(A, { key: 'k' })).toBe(true);
  expect(await ask(OTHER, { key: 'k' })).toBe(false);
  await runtime.close();
});

test('the config is checked', async () => {
  const bad = { name: 'A', namespace_id: '1', simple: { limit: 1, period: 5 } };
  await expect(boundRuntime({ ratelimits: [bad] })).rejects.toThrow(
    '"ratelimits[0]": "simple" should have a number "limit" and a "period" of 10 or 60.',
  );
});

test('version metadata names this run', async () => {
  const runtime = await boundRuntime({ version_metadata: { binding: 'VERSION' } });
  const { id, tag, timestamp } = runtime.env.VERSION;
  expect([id, tag, Date.parse(timestamp)]).toEqual([
    expect.stringMatching(/^[0-9a-f-]{36}$/),
    '',
    expect.any(Number),
  ]);
  await runtime.close();
});
