// `node --import holdfast/register`: a program of Node imports `cloudflare:workers` and defines objects (S9.3). test/package runs the
// same program with other versions of Node.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

test('a program imports cloudflare:workers and defines objects', () => {
  const register = pathToFileURL(require.resolve('../../lib/register')).href;
  const program = path.join(__dirname, '../support/registered-program.mjs');
  const args = ['--import', register, program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    early: [],
    count: 2,
    name: 'n',
    exports: ['Room'],
    types: ['function', 'function'],
    required: true,
    unknown: 'holdfast does not support the module "cloudflare:nothing".',
    isOwn: true,
  });
});
