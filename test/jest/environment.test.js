'use strict';
// The environment without Jest's runtime around it: what it refuses, and that nothing of it stays.

const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { default: Environment } = require('../../lib/jest/environment');

// As many as HOLDFAST_TEST_FILES says.
jest.setTimeout(600_000);

const rootDir = path.join(__dirname, 'projects/basic');

/** @param {object} testEnvironmentOptions */
const make = (testEnvironmentOptions = {}) =>
  new Environment(
    { projectConfig: { rootDir, testEnvironmentOptions, globals: {}, fakeTimers: {} } },
    { console },
  );

test('options that are not there', () => {
  expect(() => make({ upstream: 'x' })).toThrow('does not support the option upstream');
  expect(() => make({ pending: 'maybe' })).toThrow("pending is 'warn', 'error' or 'ignore'");
  expect(() => make({ configPath: 'none.toml' })).toThrow('none.toml: cannot be read');
});

test('test files leave nothing in memory', async () => {
  const count = Number(process.env.HOLDFAST_TEST_FILES ?? 60);
  const one = async () => {
    const environment = make();
    await environment.setup();
    await environment.handleTestEvent({ name: 'run_describe_start' });
    await environment.global.getMiniflareBindings().KV.put('k', 'v'.repeat(10_000));
    await environment.handleTestEvent({ name: 'run_describe_finish' });
    await environment.teardown();
  };
  for (let index = 0; index < 20; index += 1) await one();
  const before = heapUsed();
  for (let index = 0; index < count; index += 1) await one();
  const perFile = (heapUsed() - before) / count;
  // Of short runs most is code that V8 compiles meanwhile.
  expect(perFile).toBeLessThan(count < 1000 ? 10_000 : 1000);
});

/** After a collection, in bytes. */
function heapUsed() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  for (let round = 0; round < 3; round += 1) collect();
  return process.memoryUsage().heapUsed;
}
