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
    // Several test files ask at once: each version appears whole, by whoever has it first.
    const own = `${folder}.${process.pid}`;
    fs.mkdirSync(own, { recursive: true });
    fs.writeFileSync(path.join(own, 'package.json'), '{"private": true}\n');
    npm(
      ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`],
      { cwd: own },
    );
    try {
      fs.renameSync(own, folder);
    } catch (error) {
      if (!fs.existsSync(node)) throw error;
      fs.rmSync(own, { recursive: true });
    }
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`${node} is ${version}, not ${major}`);
  return node;
}

module.exports = { nodeOfVersion };
