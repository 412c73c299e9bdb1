// holdfast/vitest, run as a user runs it: projects whose tests pass by what they check themselves (spec S10.1, S10.2).
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { cloudflareTest } = require('../../lib/vitest');
const { makeProject, removeProjects } = require('../support/project-files');

afterAll(removeProjects);

const root = path.join(__dirname, '../..');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');

/**
 * @param {string} project
 * @param {string[]} [more] arguments of Vitest
 * @returns {Promise<Record<string, string>>} status by full name of the test
 */
async function run(project, more = []) {
  const args = [vitest, 'run', '--reporter=json', '--root', path.join(root, project), ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: path.join(root, project),
    env: { ...process.env, NODE_OPTIONS: '', VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
    maxBuffer: 1 << 26,
  }).catch((error) => error);
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"')));
  return Object.fromEntries(
    testResults.flatMap(({ assertionResults, name, message }) =>
      assertionResults.length === 0
        ? [[path.basename(name), message]]
        : assertionResults.map(({ fullName, status, failureMessages }) => [
            fullName,
            status === 'passed' ? status : failureMessages.join('\n'),
          ]),
    ),
  );
}

/** @param {string[]} names */
const allPass = (names) => Object.fromEntries(names.map((name) => [name, 'passed']));

test('S10.1.3 isolation for each test, with defineWorkersConfig', async () => {
  expect(await run('test/vitest/projects/isolated')).toEqual(
    allPass([
      'writes',
      'finds nothing of the test before',
      'a block has what its hook wrote, and its own',
      'a block within has what all hooks wrote',
      'a block has what its hook wrote alone',
      'finds nothing of the block',
      'begins anew when it is tried again',
      'gives the Worker the mocks of the test',
      'has the modules of the Worker',
      'has one realm with the objects',
      'has the globals of Workers',
      'lets fake timers reach the objects',
      'takes a stubbed global',
      'runs alarms and timers when time is moved',
      'lets time go on after the test',
      'is told that a call at the top level comes too early',
      'has the modules that the rules of the project name',
    ]),
  );
}, 60_000);

test('S10.1.3 one process for all files (isolate: false): storage is that of each test all the same', async () => {
  const args = ['--no-isolate', '--maxWorkers=1', 'isolation', 'realm', 'time'];
  const results = Object.values(await run('test/vitest/projects/isolated', args));
  expect(results).toHaveLength(13);
  expect(results.filter((result) => result !== 'passed')).toEqual([]);
}, 60_000);

test('a Vitest that is too old is refused by name', () => {
  const has = (/** @type {string} */ version) => {
    const project = makeProject({
      'node_modules/vitest/package.json': { name: 'vitest', version },
      'wrangler.json': { name: 'w', main: 'index.js', compatibility_date: '2026-11-01' },
      'index.js': 'export default {};',
    });
    const [{ config }] = /** @type {any} */ (cloudflareTest());
    return () => config({ root: project });
  };
  expect(has('3.2.4')).toThrow(/holdfast\/vitest needs Vitest 4\.1 or newer; .* has 3\.2\.4/);
  expect(has('4.0.18')).toThrow('has 4.0.18');
  for (const version of ['4.1.0', '4.10.2', '5.0.0-beta.1']) expect(has(version)).not.toThrow();
});

test('S10.1.1 Workers and functions among the options of cloudflareTest', async () => {
  expect(await run('test/vitest/projects/services')).toEqual(
    allPass([
      'reaches a Worker beside it, and its objects',
      'reaches a function of the configuration',
      'stores stubs',
      'has a Workers Site',
      'is told what a function throws',
      'gives what leaves the Worker to outboundService',
      'calls scheduled() and queue() of the default export',
      'changes env for all',
    ]),
  );
}, 60_000);

test('S10.2 examples/vitest-counter', async () => {
  expect(await run('examples/vitest-counter')).toEqual(
    allPass([
      'counts each path by itself',
      'lets a test see the object itself',
      'keeps the count when the object is evicted',
      'forgets the count when its alarm runs',
      'counts over a WebSocket that hibernates',
    ]),
  );
}, 60_000);
