// selfSigned: a certificate for 127.0.0.1 and its key, made by the openssl program.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { temporaryDirectory } = require('./server');

/**
 * @param {string} [name] the subject, to tell certificates apart
 * @returns {{cert: string, key: string, certFile: string, keyFile: string}}
 */
function selfSigned(name = 'holdfast-test') {
  const directory = temporaryDirectory('certificate');
  const certFile = path.join(directory, 'cert.pem');
  const keyFile = path.join(directory, 'key.pem');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-days', '2', '-subj', `/CN=${name}`];
  const args = ['req', '-x509', ...curve, '-keyout', keyFile, '-out', certFile, ...subject];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return {
    cert: fs.readFileSync(certFile, 'utf8'),
    key: fs.readFileSync(keyFile, 'utf8'),
    certFile,
    keyFile,
  };
}

module.exports = { selfSigned };
