'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** @returns {string} npm's own program, a script that Node runs */
function npmProgram() {
  const given = process.env.npm_execpath;
  if (given && /npm-cli\.js$/.test(given)) return given;
  const folder = (process.env.PATH ?? '')
    .split(path.delimiter)
    .find((each) => fs.existsSync(path.join(each, 'npm')));
  if (!folder) throw new Error('there is no npm on PATH');
  return fs.realpathSync(path.join(folder, 'npm'));
}

/** @returns {NodeJS.ProcessEnv} ours without what an npm above us set for itself */
function withoutNpmSettings() {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return Object.fromEntries(entries);
}

/**
 * Runs npm with this Node.
 * @param {string[]} args
 * @param {{cwd: string, env?: NodeJS.ProcessEnv}} options env is added to what npm gets
 * @returns {string} its standard output
 * @throws with what npm printed when it fails
 */
function npm(args, { cwd, env = {} }) {
  return execFileSync(process.execPath, [npmProgram(), ...args], {
    cwd,
    env: { ...withoutNpmSettings(), ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

module.exports = { npm };
