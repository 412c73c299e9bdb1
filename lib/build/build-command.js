// runBuildCommand: the custom `build.command` of a config.
//
// The programs of the packages that the project has installed come before all others, as in a script of npm: whoever starts holdfast
// without npx (a service, another directory) gets the same build.
'use strict';

const path = require('node:path');
const { ConfigError } = require('../config/config-error');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('node:child_process')} */
const childProcess = latePackage('node:child_process');

/**
 * What the command prints goes to standard error: standard output belongs to the `Ready` line.
 * @param {string} command
 * @param {string} cwd
 * @returns {Promise<void>} rejects with a ConfigError when it does not end with 0
 */
function runBuildCommand(command, cwd) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: pathWithin(cwd, process.env.PATH) };
    const child = childProcess().spawn(command, { cwd, env, shell: true, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new ConfigError(`The build command failed (${signal ?? `exit code ${code}`}): ${command}`));
    });
  });
}

/**
 * @param {string} directory
 * @param {string | undefined} rest
 * @returns {string} `node_modules/.bin` of the directory and of those above it, the nearest first, and then the rest
 */
function pathWithin(directory, rest) {
  const folders = [];
  for (let folder = path.resolve(directory); ; folder = path.dirname(folder)) {
    folders.push(path.join(folder, 'node_modules', '.bin'));
    if (folder === path.dirname(folder)) break;
  }
  return [...folders, ...(rest ? [rest] : [])].join(path.delimiter);
}

module.exports = { runBuildCommand };
