// Runs Jest for the steps of `npm test`, and again, alone, what failed when everything ran at once.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, run } from './run.mjs';

/** A file that failed among the others must pass this often alone to count as disturbed. */
const REPEATS = 2;
/** With more failing files than this it is not the machine. */
const REPEATED_MAX = 3;
/** Areas whose tests do other things in each run: a failure that does not come again is a finding there. */
const RULED_BY_CHANCE = new Set(['crash', 'soak']);

/** @typedef {{file: string, passed: number, failed: string[]}} FileResult */

/**
 * @param {string[]} areas names of folders under test/
 * @param {Record<string, string>} [env] more of the environment
 * @returns {{passed: number, failed: number}}
 */
export function jest(areas, env = {}) {
  const folders = areas.map((area) => path.join(root, 'test', area, path.sep));
  const { ok, files } = runJest(folders, env);
  const failing = files.filter(({ failed }) => failed.length > 0);
  const count = (/** @type {FileResult[]} */ of) => ({
    passed: of.reduce((sum, { passed }) => sum + passed, 0),
    failed: of.reduce((sum, { failed }) => sum + failed.length, 0),
  });
  // A run that failed without a failed test (a crash, no report) counts as one failure.
  if (failing.length === 0) return { ...count(files), failed: ok ? 0 : 1 };
  if (failing.length > REPEATED_MAX) return count(files);
  const settled = failing.map((first) =>
    RULED_BY_CHANCE.has(areaOf(first.file)) ? first : repeatedAlone(first, env),
  );
  return count([...files.filter((one) => !failing.includes(one)), ...settled]);
}

/**
 * Tests that wait for real time share two cores with all the others, and in CI with a build. What passes each time it
 * runs alone was disturbed; it is printed as unsteady all the same, so that it gets looked at.
 * @param {FileResult} first
 * @param {Record<string, string>} env
 * @returns {FileResult} the last run where all passed, else the first
 */
function repeatedAlone(first, env) {
  console.log(`${first.file} failed; once more, alone`);
  /** @type {FileResult | undefined} */
  let last;
  for (let i = 0; i < REPEATS; i += 1) {
    const { ok, files } = runJest([first.file], env);
    if (!ok || files.length !== 1) return first;
    [last] = files;
  }
  for (const name of first.failed) console.log(`UNSTEADY ${first.file}: ${name}`);
  return last ?? first;
}

/** @param {string} file */
const areaOf = (file) => path.relative(path.join(root, 'test'), file).split(path.sep)[0];

/**
 * @param {string[]} paths
 * @param {Record<string, string>} env
 * @returns {{ok: boolean, files: FileResult[]}}
 */
function runJest(paths, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-jest-'));
  const report = path.join(folder, 'report.json');
  const args = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...paths];
  const ok = run('node', args, { quiet: true, env });
  const files = existsSync(report) ? resultsOf(JSON.parse(readFileSync(report, 'utf8'))) : [];
  rmSync(folder, { recursive: true });
  return { ok, files };
}

/**
 * @param {{testResults: {name: string, status: string, assertionResults: {status: string, fullName: string}[]}[]}} report
 * @returns {FileResult[]}
 */
function resultsOf({ testResults }) {
  return testResults.map(({ name, status, assertionResults }) => {
    const named = (/** @type {string} */ wanted) =>
      assertionResults.filter((one) => one.status === wanted).map((one) => one.fullName);
    const failed = named('failed');
    // A file may fail as a whole: it cannot be loaded, or a hook of it throws.
    if (status === 'failed' && failed.length === 0) failed.push('the file itself');
    return { file: name, passed: named('passed').length, failed };
  });
}
