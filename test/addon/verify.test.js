// `holdfast verify`: a data directory that is well, damaged, or in use.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { endOfContent, flip } = require('../support/damage');
const { ROOT, startServer, temporaryDirectory } = require('../support/server');

const BIN = path.join(ROOT, 'bin', 'holdfast.js');
const PROJECT = path.join(ROOT, 'test', 'crash', 'project');
const NAMES = ['one', 'two', 'three'];
const PUTS = 40;

/** @param {string[]} args */
function holdfast(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stderr, lines: stdout.split('\n').slice(0, -1) };
}

/** @param {string} dataDir */
const verify = (dataDir) => holdfast('verify', '--data-dir', dataDir);

/** @param {string} dataDir @returns {Promise<import("../support/server").Server>} with objects that have alarms */
async function fill(dataDir) {
  const server = await startServer({ project: PROJECT, args: ['--data-dir', dataDir] });
  for (const name of NAMES) {
    await fetch(`${server.url}/alarm/${name}/${Date.now() + 3_600_000}`);
    for (let i = 1; i <= PUTS; i += 1) await fetch(`${server.url}/put/${name}/${i}`);
  }
  return server;
}

/** @param {string} folder @returns {Record<string, string>} contents by path */
function contents(folder) {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile() && entry.name !== 'lock')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, fs.readFileSync(file, 'latin1')]),
  );
}

/** @param {string} dataDir */
const objectsOf = (dataDir) =>
  fs
    .readdirSync(path.join(dataDir, 'do', 'ledger-Ledger'))
    .filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
    .map((name) => path.join(dataDir, 'do', 'ledger-Ledger', name));

/** @param {string} dataDir */
const segmentsOf = (dataDir) =>
  fs.readdirSync(path.join(dataDir, 'log')).map((name) => path.join(dataDir, 'log', name));

test('is content after a clean stop, and changes nothing', async () => {
  const dataDir = temporaryDirectory('verify');
  expect((await (await fill(dataDir)).stop()).code).toBe(0);
  const before = contents(dataDir);
  const { status, stderr, lines } = verify(dataDir);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^3 objects \(\d+ bytes\), \d log segments? \(\d+ bytes\), 0 commits in the log and not yet in the files, 0 problems$/,
  );
  expect(contents(dataDir)).toEqual(before);
});

test('is content after a kill, and counts what only the log has', async () => {
  const dataDir = temporaryDirectory('verify');
  await (await fill(dataDir)).kill();
  const before = contents(dataDir);
  const { status, lines } = verify(dataDir);
  expect(status).toBe(0);
  const [, commits] = /, (\d+) commits in the log/.exec(/** @type {string} */ (lines.at(-1))) ?? [];
  expect(Number(commits)).toBeGreaterThanOrEqual(PUTS);
  expect(contents(dataDir)).toEqual(before);
});

test('refuses a directory in use and says who uses it', async () => {
  const dataDir = temporaryDirectory('verify');
  const server = await fill(dataDir);
  const { status, stderr, lines } = verify(dataDir);
  expect({ status, lines }).toEqual({ status: 1, lines: [] });
  expect(stderr).toMatch(new RegExp(`^The data directory is in use: .* ${server.pid}\\. Stop`));
  await server.kill();
});

test('names a damaged object and what to do', async () => {
  const dataDir = temporaryDirectory('verify');
  await (await fill(dataDir)).stop();
  const [first, second] = objectsOf(dataDir);
  flip(first, 4096, 8);
  fs.truncateSync(second, 4096);
  fs.writeFileSync(path.join(dataDir, 'do', 'ledger-Ledger', 'notes.txt'), 'mine');
  const { status, lines } = verify(dataDir);
  expect(status).toBe(1);
  for (const file of [first, second]) {
    expect(lines.filter((line) => line.startsWith(`${file}: is damaged: `))).toEqual([
      expect.stringMatching(/Restore the file from a copy, or move it away/),
    ]);
  }
  expect(lines).toContainEqual(expect.stringMatching(/notes\.txt: is no file of an object/));
  expect(lines.at(-1)).toMatch(/, 3 problems$/);
});

test('damage in the middle of the log: the start says so in one line, verify says what is left', async () => {
  const dataDir = temporaryDirectory('verify');
  await (await fill(dataDir)).kill();
  const [segment] = segmentsOf(dataDir);
  flip(segment, Math.floor(endOfContent(segment) / 2));
  const before = contents(dataDir);

  const start = holdfast('start', PROJECT, '--port', '0', '--data-dir', dataDir);
  expect({ status: start.status, lines: start.lines }).toEqual({ status: 1, lines: [] });
  expect(start.stderr).toMatch(/^[^\n]*commit log [^\n]*damaged[^\n]*holdfast verify[^\n]*\n$/);
  expect(start.stderr).toContain(dataDir);
  expect(contents(dataDir)).toEqual(before);

  const { status, lines } = verify(dataDir);
  expect(status).toBe(1);
  const [line] = lines;
  expect(line.startsWith(`${segment}: `)).toBe(true);
  expect(line).toMatch(/offset \d+, after LSN \d+: damaged: .*at least \d+ whole commit records/);
  const [, after, follow] = /after LSN (\d+).* (\d+) whole commit/.exec(line) ?? [];
  expect(Number(after)).toBeGreaterThan(PUTS);
  expect(Number(follow)).toBeGreaterThan(PUTS / 2);
  expect(lines.at(-1)).toMatch(/, 1 problem$/);
  expect(contents(dataDir)).toEqual(before);
});
