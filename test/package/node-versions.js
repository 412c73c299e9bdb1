'use strict';

// Node.js binaries of several major versions, as npm packages ship them, kept in build/node-versions.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { npm } = require('./npm');

const cache = path.resolve(__dirname, '../../build/node-versions');

/**
 * @param {number} major
 * @returns {string} path of a `node` of that major version; fetched the first time
 * @throws when it cannot be fetched or is of another version
 */
function nodeOfVersion(major) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = path.join(cache, String(major));
  const node = path.join(folder, 'node_modules', name, 'bin/node');
  if (!fs.existsSync(node)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private": true}\n');
    npm(
      ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`],
      {
        cwd: folder,
      },
    );
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`${node} is ${version}, not ${major}`);
  return node;
}

module.exports = { nodeOfVersion };
