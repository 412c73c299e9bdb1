'use strict';

// pnpm and yarn, as npm packages ship them, kept in build/package-managers.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { npm } = require('./npm');

const cache = path.resolve(__dirname, '../../build/package-managers');

/** The newest that run on Node 20. */
const programs = {
  pnpm: { version: '10', file: 'pnpm/bin/pnpm.cjs', install: ['add', '--ignore-scripts'] },
  yarn: {
    version: '1',
    file: 'yarn/bin/yarn.js',
    install: ['add', '--ignore-scripts', '--silent'],
  },
};

/**
 * Installs a tarball into an empty project.
 * @param {'pnpm' | 'yarn'} name fetched the first time
 * @param {string} project
 * @param {string} tarball
 * @throws with what it printed when it fails
 */
function installWith(name, project, tarball) {
  const { version, file, install } = programs[name];
  const program = path.join(cache, 'node_modules', file);
  if (!fs.existsSync(program)) {
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(path.join(cache, 'package.json'), '{"private": true}\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
    npm(['install', ...quiet, `${name}@${version}`], { cwd: cache });
  }
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, 'package.json'), '{"private": true}\n');
  execFileSync(process.execPath, [program, ...install, tarball], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

module.exports = { installWith };
