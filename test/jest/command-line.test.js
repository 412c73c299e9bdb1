'use strict';
// Options of Jest's command line under `holdfast/jest` (S10.3.7): each test here runs Jest over a project of its own.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { failures, installProject, jestBin, projectEnv, runProject } = require('./run-project');

// Each starts processes that compile and run a project.
jest.setTimeout(120_000);

test('--detectOpenHandles finds none, and the process ends by itself', async () => {
  const args = ['--detectOpenHandles'];
  const { report, output, code } = await runProject('examples/jest-chat', { args });
  expect(failures(report)).toEqual([]);
  expect(output).not.toMatch(/open handle|did not exit/);
  expect(code).toBe(0);
});

test('-w 4: files in processes beside each other', async () => {
  const inChild = `test('is in a child process', () => expect(process.send).toBeInstanceOf(Function));`;
  const names = ['a', 'b', 'c'].map((name) => `child-${name}.spec.ts`);
  const { report, code } = await runProject('test/jest/projects/basic', {
    args: ['-w', '4', 'child', 'first', 'isolation'],
    files: Object.fromEntries(names.map((name) => [name, inChild])),
  });
  expect(failures(report)).toEqual([]);
  expect(report.numPassedTestSuites).toBe(names.length + 2);
  expect(code).toBe(0);
});

test('--watch runs the code as it is after each change', async () => {
  const directory = installProject('test/jest/projects/basic');
  const file = path.join(directory, 'src/greeting.ts');
  const before = fs.readFileSync(file, 'utf8');
  const args = [jestBin(30), '--watchAll', '--watchman=false', 'first.spec'];
  const child = spawn(process.execPath, args, { cwd: directory, env: projectEnv() });
  const run = outputUntil(child, /^Ran all test suites.*\n/m);
  try {
    expect(await run()).toContain('Tests:       1 passed, 1 total');
    fs.writeFileSync(file, before.replace('toUpperCase', 'toLowerCase'));
    const failed = await run();
    expect(failed).toContain('Received: "hello 1"');
    expect(failed).toContain('Tests:       1 failed, 1 total');
    fs.writeFileSync(file, before);
    expect(await run()).toContain('Tests:       1 passed, 1 total');
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('close', resolve));
    fs.rmSync(directory, { recursive: true });
  }
});

/**
 * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @param {RegExp} end
 * @returns {() => Promise<string>} each call: what it printed since the last one, up to the end
 */
function outputUntil(child, end) {
  let output = '';
  let notify = () => {};
  const add = (/** @type {Buffer} */ chunk) => {
    output += chunk;
    notify();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  child.on('exit', () => notify());
  return async () => {
    for (;;) {
      const found = end.exec(output);
      if (found !== null) {
        const until = found.index + found[0].length;
        const part = output.slice(0, until);
        output = output.slice(until);
        return part;
      }
      if (child.exitCode !== null) throw new Error(`Jest ended:\n${output}`);
      await new Promise((resolve) => {
        notify = () => resolve(undefined);
      });
    }
  };
}
