'use strict';
// The preset `holdfast/jest`, as projects use it (S10.3.7): each test here runs Jest over a project of its own.

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { failures, runProject } = require('./run-project');

// Each starts a process that compiles and runs a project.
jest.setTimeout(120_000);

const kSource = 'src/index.ts';

/** @param {any} coverage @param {string} directory @param {string} file @returns {number[]} lines with a statement that never ran */
function uncovered(coverage, directory, file) {
  const { statementMap, s } = coverage[path.join(directory, file)];
  const lines = Object.keys(s)
    .filter((key) => s[key] === 0)
    .map((key) => statementMap[key].start.line);
  return [...new Set(lines)].sort((a, b) => a - b);
}

test('a project with a wrangler configuration: helpers, isolation, time, mocks; coverage by Babel', async () => {
  const { report, coverage, directory, output } = await runProject('test/jest/projects/basic', {
    args: ['--coverage'],
  });
  expect(failures(report)).toEqual([]);
  expect(report.numPassedTests).toBeGreaterThan(40);
  expect(uncovered(coverage, directory, kSource)).toEqual(await marked('not covered'));
  expect(output).not.toContain('did not exit');
});

test('coverage by V8', async () => {
  const args = ['--coverage', '--coverageProvider=v8', 'first'];
  const { report, coverage, directory } = await runProject('test/jest/projects/basic', { args });
  expect(failures(report)).toEqual([]);
  expect(uncovered(coverage, directory, kSource)).toEqual(
    expect.arrayContaining(await marked('// never')),
  );
  const covered = await marked("put('count', count)");
  expect(uncovered(coverage, directory, kSource)).not.toContain(covered[0]);
});

test('options of jest-environment-miniflare, without a configuration', async () => {
  const { report } = await runProject('test/jest/projects/options');
  expect(failures(report)).toEqual([]);
  expect(report.numPassedTests).toBe(8);
});

test('what miniflare 2 tested of Durable Objects and of its Jest environment', async () => {
  const { report } = await runProject('test/jest/projects/miniflare2');
  expect(failures(report)).toEqual([]);
  const counts = Object.fromEntries(
    report.testResults.map((/** @type {any} */ { name, assertionResults }) => [
      path.basename(name, '.spec.ts'),
      assertionResults.length,
    ]),
  );
  // docs/unit-testing.md says these numbers.
  expect(counts).toEqual({
    alarms: 16,
    environment: 54,
    namespace: 28,
    'storage-reads': 42,
    'storage-writes': 29,
    transactions: 17,
  });
});

test.each(['jest-counter', 'jest-chat'])('examples/%s', async (name) => {
  const { report } = await runProject(`examples/${name}`);
  expect(failures(report)).toEqual([]);
  expect(report.numPassedTests).toBeGreaterThan(5);
});

test('what fails says where', async () => {
  const { report, output } = await runProject('test/jest/projects/failing', {
    files: { 'broken.ts': 'export const x: number = ;\n' },
  });
  const named = failures(report).map((text) => text.split('\n')[0]);
  expect(named).toHaveLength(3);
  expect(output).toMatch(
    /TypeError: boom x[\s\S]*> 11 \|\s+throw new TypeError[\s\S]*at Room\.boom \(src\/index\.ts:11:11\)[\s\S]*trace\.spec\.ts:9:/,
  );
  expect(output).toMatch(
    /"leaves a call" ended while this was still under way:\s+a call over RPC\s+at .*pending\.spec\.ts:4:/,
  );
  expect(output).toMatch(/> 14 \|\s+expect\(value\.x\)\.toBe\(2\)/);
  expect(output).toMatch(/broken\.ts:1:26: Unexpected ";"\n\s+export const x: number = ;/);
});

/** @param {string} text @returns {Promise<number[]>} the lines of the Worker of `basic` that contain it */
async function marked(text) {
  const source = await readFile(path.join(__dirname, 'projects/basic', kSource), 'utf8');
  const lines = source.split('\n').map((line, index) => (line.includes(text) ? index + 1 : 0));
  return lines.filter((line) => line > 0);
}
