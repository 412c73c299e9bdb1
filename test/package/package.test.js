'use strict';

// The package as users get it: packed, installed where there is no compiler, run by each Node that
// package.json's engines promise.

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { fileNameFor, firstExample } = require('./first-example');
const { nodeOfVersion } = require('./node-versions');
const { npm } = require('./npm');
const { pack } = require('./packed');

const root = path.resolve(__dirname, '../..');
const prebuilt = `prebuilds/${process.platform}-${process.arch}/holdfast.glibc.node`;
const readme = path.join(root, 'README.md');
const minute = 60_000;

let folder;
let packed;
let project;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-package-'));
  packed = pack(folder);
  project = path.join(folder, 'project');
  installInto(project);
}, 5 * minute);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {string} directory @returns {{files: number, bytes: number}} of the regular files in it */
function sizeOf(directory) {
  const sizes = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Installs the tarball into a new project, with a PATH that has a shell and Node, and no more. */
function installInto(target) {
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.mkdirSync(target);
  fs.symlinkSync('/bin/sh', path.join(bin, 'sh'));
  fs.symlinkSync(process.execPath, path.join(bin, 'node'));
  fs.writeFileSync(path.join(target, 'package.json'), '{"private": true}\n');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev'];
  npm(['install', ...quiet, packed.tarball], { cwd: target, env: { PATH: bin } });
}

test('the tarball has the binary, the library, the types and the licence, and no tests', () => {
  expect(packed.files).toEqual(
    expect.arrayContaining([
      prebuilt,
      'LICENSE',
      'README.md',
      'bin/holdfast.js',
      'lib/index.js',
      'lib/workers/index.js',
      'packed/lib.js',
      'types/index.d.ts',
      'types/workers.d.ts',
    ]),
  );
  // Its presence says that lib/ may change.
  expect(packed.files).not.toContain('packed/made-from.json');
  expect(packed.files.filter((file) => /^(test|build|bench|node_modules|\.)/.test(file))).toEqual(
    [],
  );
});

test('the binary is stripped and needs no C++ runtime, Boost or SQLite of the machine', () => {
  const binary = path.join(project, 'node_modules/holdfast', prebuilt);
  const needed = execFileSync('objdump', ['-p', binary], { encoding: 'utf8' });
  const libraries = [...needed.matchAll(/NEEDED\s+(\S+)/g)].map((match) => match[1]);
  const ofEverySystem = /^(libc|libm|libdl|libpthread|ld-linux-[\w-]+)\.so\.\d+$/;
  expect(libraries.filter((library) => !ofEverySystem.test(library))).toEqual([]);
  const sections = execFileSync('objdump', ['-h', binary], { encoding: 'utf8' });
  expect(sections).not.toMatch(/\.debug_|\.symtab/);
});

test('the binary runs with glibc 2.35, as of Debian 12 and Ubuntu 22.04', () => {
  const binary = path.join(project, 'node_modules/holdfast', prebuilt);
  const symbols = execFileSync('objdump', ['-T', binary], { encoding: 'utf8' });
  const minors = [...symbols.matchAll(/\(GLIBC_2\.(\d+)/g)].map((match) => Number(match[1]));
  expect(minors.length).toBeGreaterThan(0);
  expect(Math.max(...minors)).toBeLessThanOrEqual(35);
});

test('what is installed is small: the package, and all with its dependencies', () => {
  const { files, bytes } = sizeOf(path.join(project, 'node_modules'));
  console.log(
    `holdfast: ${packed.files.length} files, ${megabytes(packed.unpackedSize)};`,
    `installed with its dependencies: ${files} files, ${megabytes(bytes)}`,
  );
  expect(packed.files.length).toBeLessThan(1000);
  expect(packed.unpackedSize).toBeLessThan(12e6);
  expect(files).toBeLessThan(2000);
  expect(bytes).toBeLessThan(40e6);
});

test('nothing that only the build needs is installed with it', () => {
  const installed = fs.readdirSync(path.join(project, 'node_modules'));
  expect(installed).toContain('holdfast');
  for (const name of ['better-sqlite3', 'node-addon-api', 'workerd', 'jest'])
    expect(installed).not.toContain(name);
});

test('the first example of the README has at most 12 lines', () => {
  expect(firstExample(fs.readFileSync(readme, 'utf8')).trimEnd().split('\n').length).toBeLessThan(
    13,
  );
});

test(
  "types go with those that wrangler generates: a Worker's project and its host compile in strict mode",
  () => {
    const typed = path.join(project, 'typed');
    fs.cpSync(path.join(__dirname, 'typed'), typed, { recursive: true });
    const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
    const wrangler = path.join(root, 'node_modules/wrangler/bin/wrangler.js');
    execFileSync(nodeOfVersion(22), [wrangler, 'types'], { cwd: typed, env, stdio: 'pipe' });
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    // Templates of Cloudflare have either; the older one does not read `exports`.
    const older = ['--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'];
    for (const how of [[], older]) {
      const args = [tsc, '-p', typed, ...how];
      const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect(result).toMatchObject({ status: 0, stdout: '' });
    }
  },
  5 * minute,
);

describe.each([20, 22, 24, 26])('Node %d', (major) => {
  let node;

  beforeAll(() => {
    node = nodeOfVersion(major);
  }, 5 * minute);

  test(
    "runs the README's first example",
    () => {
      const code = firstExample(fs.readFileSync(readme, 'utf8'));
      const file = path.join(project, fileNameFor(code));
      fs.writeFileSync(file, code);
      const result = spawnSync(node, [file], { cwd: project, encoding: 'utf8', timeout: minute });
      expect(result).toMatchObject({ status: 0, signal: null, stderr: '' });
      expect(result.stdout).not.toBe('');
    },
    2 * minute,
  );

  test('requires and imports the package', () => {
    const text = [
      'import { createRuntime } from "holdfast";',
      'import { createRequire } from "node:module";',
      'const required = createRequire(import.meta.url)("holdfast").createRuntime;',
      'console.log(typeof createRuntime, required === createRuntime);',
    ].join('\n');
    const file = path.join(project, `load-${major}.mjs`);
    fs.writeFileSync(file, text);
    const result = spawnSync(node, [file], { cwd: project, encoding: 'utf8', timeout: minute });
    expect(result).toMatchObject({ status: 0, stdout: 'function true\n' });
  });

  test('holdfast/register: a program imports cloudflare:workers and defines objects', () => {
    const file = path.join(project, `registered-${major}.mjs`);
    fs.copyFileSync(path.join(root, 'test/support/registered-program.mjs'), file);
    const args = ['--import', 'holdfast/register', file, 'holdfast'];
    const result = spawnSync(node, args, { cwd: project, encoding: 'utf8', timeout: minute });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ count: 2, required: true, isOwn: true });
  });

  test('runs the command line', () => {
    const program = path.join(project, 'node_modules/.bin/holdfast');
    const result = spawnSync(node, [program, '--version'], { encoding: 'utf8', timeout: minute });
    const { version } = require('../../package.json');
    expect(result).toMatchObject({ status: 0, stdout: expect.stringContaining(version) });
  });

  test('the command line takes the modules of lib/ from one file', () => {
    const installed = path.join(project, 'node_modules/holdfast');
    const code = `
      const { openLib } = require(${JSON.stringify(path.join(installed, 'bin/open-lib.js'))});
      const lib = openLib(${JSON.stringify(installed)});
      const { createRuntime } = lib.require('lib/create-runtime.js');
      console.log(lib.isPacked, createRuntime === require('holdfast').createRuntime);
    `;
    const result = spawnSync(node, ['-e', code], { cwd: project, encoding: 'utf8' });
    expect(result).toMatchObject({ status: 0, stdout: 'true true\n' });
  });
});
