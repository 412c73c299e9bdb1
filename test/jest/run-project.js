'use strict';
// Runs Jest over a copy of a project in a directory of its own, where this package is installed.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '../..');
const jestBin = path.join(root, 'node_modules/jest/bin/jest.js');

/**
 * @param {string} project a directory of this repository
 * @param {string[]} [args] of Jest
 * @param {Record<string, string>} [files] that are added
 * @returns {Promise<{report: any, output: string, directory: string, coverage: any}>} of --json, and what Jest printed
 */
async function runProject(project, args = [], files = {}) {
  const directory = fs.mkdtempSync(
    path.join(fs.realpathSync(os.tmpdir()), `holdfast-${path.basename(project)}-`),
  );
  try {
    fs.cpSync(path.join(root, project), directory, { recursive: true });
    for (const [file, text] of Object.entries(files))
      fs.writeFileSync(path.join(directory, file), text);
    fs.mkdirSync(path.join(directory, 'node_modules'));
    fs.symlinkSync(root, path.join(directory, 'node_modules/holdfast'));
    const all = [
      jestBin,
      '--json',
      '--outputFile=report.json',
      '-i',
      '--coverageReporters=json',
      ...args,
    ];
    const output = await new Promise((resolve) => {
      const env = { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' };
      execFile(process.execPath, all, { cwd: directory, env }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
    return {
      report: read(directory, 'report.json'),
      output,
      directory,
      coverage: read(directory, 'coverage/coverage-final.json'),
    };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

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

module.exports = { failures, runProject };
