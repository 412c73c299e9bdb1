// TLS connections of `cloudflare:sockets` (S9.3); conformance has the plain ones. Which certificates are trusted is decided when Node
// starts, so the client is a program of its own.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { selfSigned } = require('../../support/certificate');

test('S9.3 TLS from the start, and by startTls()', () => {
  const { certFile, keyFile } = selfSigned('localhost');
  const program = path.join(__dirname, '../programs/tls-client.js');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certFile };
  const { stdout, stderr } = spawnSync(process.execPath, [program, certFile, keyFile], {
    encoding: 'utf8',
    env,
  });
  expect(stderr).toBe('');
  const failed = 'rejected proxy request failed, cannot connect to the specified address';
  expect(JSON.parse(stdout)).toEqual({
    byName: ['secure hello', 'resolved'],
    byAddress: [failed, failed],
    started: ['ready for upgrade', true, 'on', 'secured secret', 'resolved', 'resolved'],
  });
});
