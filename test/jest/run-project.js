'use strict';
// Runs Jest over a copy of a project in a directory of its own, where this package is installed.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const root = path.join(__dirname, '../..');

/** Where this repository has a major version of Jest. @type {Record<number, string>} */
const kJest = { 29: 'node_modules/jest-29', 30: 'node_modules/jest' };

/**
 * @typedef {object} Options
 * @property {string[]} [args] of Jest
 * @property {Record<string, string>} [files] that are added
 * @property {string} [node] path of the Node.js that runs it
 * @property {29 | 30} [jest] its major version
 */

/**
 * @param {string} project a directory of this repository
 * @param {Options} [options]
 * @returns {Promise<{report: any, output: string, code: number, directory: string, coverage: any}>} of --json, what Jest printed, and
 *   the process's exit code
 */
async function runProject(project, options = {}) {
  const directory = installProject(project, options);
  const { args = [], node = process.execPath, jest = 30 } = options;
  try {
    const all = [jestBin(jest), '--json', '--outputFile=report.json', '--coverageReporters=json'];
    if (!args.some((arg) => arg.startsWith('-w'))) all.push('-i');
    const child = promisify(execFile)(node, [...all, ...args], {
      cwd: directory,
      env: projectEnv(),
    });
    const { stdout, stderr, code = 0 } = await child.catch((error) => error);
    return {
      report: read(directory, 'report.json'),
      output: stdout + stderr,
      code,
      directory,
      coverage: read(directory, 'coverage/coverage-final.json'),
    };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/**
 * @param {string} project a directory of this repository
 * @param {Options} [options]
 * @returns {string} the directory of the copy, where this package and Jest are installed
 */
function installProject(project, { files = {}, jest = 30 } = {}) {
  const directory = fs.mkdtempSync(
    path.join(fs.realpathSync(os.tmpdir()), `holdfast-${path.basename(project)}-`),
  );
  fs.cpSync(path.join(root, project), directory, { recursive: true });
  for (const [file, text] of Object.entries(files))
    fs.writeFileSync(path.join(directory, file), text);
  fs.mkdirSync(path.join(directory, 'node_modules'));
  fs.symlinkSync(root, path.join(directory, 'node_modules/holdfast'));
  fs.symlinkSync(path.join(root, kJest[jest]), path.join(directory, 'node_modules/jest'));
  return directory;
}

/** @param {29 | 30} version */
const jestBin = (version) => path.join(root, kJest[version], 'bin/jest.js');

const projectEnv = () => ({ ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' });

/** @param {string} directory @param {string} file */
function read(directory, file) {
  const found = path.join(directory, file);
  return fs.existsSync(found) ? JSON.parse(fs.readFileSync(found, 'utf8')) : undefined;
}

/** @param {any} report @returns {string[]} tests that failed, and files that did not run */
function failures({ testResults }) {
  return testResults.flatMap((/** @type {any} */ { name, message, assertionResults, status }) => {
    const failed = assertionResults.filter((/** @type {any} */ one) => one.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${name}: ${message}`] : [];
    return failed.map(
      (/** @type {any} */ one) => `${one.fullName}: ${one.failureMessages.join('\n')}`,
    );
  });
}

module.exports = { failures, installProject, jestBin, projectEnv, runProject };
