// The example with tests of node:test, run as a user runs it (S10.2).
'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const project = path.join(__dirname, '../../examples/node-test-turnstile');

test('examples/node-test-turnstile', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--test', '--test-reporter=tap'],
    {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  expect(stdout).toMatch(/^# pass 5$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
}, 60_000);
