// `holdfast init`: what it makes runs, and its own test passes.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { startServer } = require('../../support/server');
const { makeProject, removeProjects } = require('../../support/project-files');

const ROOT = path.join(__dirname, '../../..');
const MODULES = path.join(ROOT, 'node_modules');

afterAll(removeProjects);

// Starts a server, Jest and the compiler, one after the other.
jest.setTimeout(120_000);

/** @param {string} script @param {string[]} args @param {string} cwd */
function run(script, args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** As `npm install` would. @param {string} project */
function install(project) {
  const { dependencies, devDependencies = {} } = JSON.parse(
    fs.readFileSync(path.join(project, 'package.json'), 'utf8'),
  );
  expect(Object.keys(dependencies)).toEqual(['holdfast']);
  fs.mkdirSync(path.join(project, 'node_modules'));
  fs.symlinkSync(ROOT, path.join(project, 'node_modules/holdfast'));
  for (const name of Object.keys(devDependencies)) {
    const target = path.join(project, 'node_modules', name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.symlinkSync(path.join(MODULES, name), target);
  }
}

test.each([
  ['TypeScript', [], 'src/index.ts'],
  ['JavaScript', ['--javascript'], 'src/index.js'],
])('a project in %s runs, and its test passes', async (_, flags, main) => {
  const parent = makeProject({});
  const made = run(path.join(ROOT, 'bin/holdfast.js'), ['init', 'My App', ...flags], parent);
  expect(made).toEqual({
    status: 0,
    stdout: 'Made a project in My App\nNext: cd My App && npm install && npm run dev\n',
    stderr: '',
  });
  const project = path.join(parent, 'My App');
  expect(fs.existsSync(path.join(project, main))).toBe(true);
  install(project);
  const server = await startServer({ project });
  try {
    expect(await (await fetch(`${server.url}/x`)).text()).toBe('/x was asked for 1 times\n');
  } finally {
    await server.stop();
  }
  const tested = run(path.join(MODULES, 'jest/bin/jest.js'), [], project);
  expect(tested.stderr).toContain('Tests:       3 passed, 3 total');
  expect(tested.status).toBe(0);
  if (flags.length === 0) {
    expect(run(path.join(MODULES, 'typescript/bin/tsc'), [], project)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  }
});

test('nothing is overwritten', () => {
  const directory = makeProject({ 'package.json': '{}' });
  const made = run(path.join(ROOT, 'bin/holdfast.js'), ['init'], directory);
  expect(made.status).toBe(1);
  expect(made.stderr).toContain('has package.json already; name another directory.');
  expect(fs.readdirSync(directory)).toEqual(['package.json']);
});
