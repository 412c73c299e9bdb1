// State written by miniflare (what `wrangler dev` runs) is opened in place by Holdfast, and back (S3.13, S5.6.4).
//
// Both runtimes are given the same folder: wrangler's `.wrangler/state/v3` is a data directory of Holdfast, one after the other.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { startServer, temporaryDirectory } = require('../support/server');
const { startMiniflare } = require('./start-miniflare');

const PROJECT = path.join(__dirname, 'project');
const NAMES = ['one', 'two', 'Grüße'];
const HOUR_MS = 3_600_000;
/** Longer than it takes to end a server whose alarm must not fire any more. */
const SOON_MS = 3_000;

/** @param {string} state */
const startHoldfast = (state) => startServer({ project: PROJECT, args: ['--data-dir', state] });
const starters = {
  holdfast: startHoldfast,
  miniflare: (/** @type {string} */ state) => startMiniflare(PROJECT, state),
};

/** @type {import('../support/server').Server[]} */
const servers = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.kill().catch(() => {}))));

/** @param {'holdfast' | 'miniflare'} runtime @param {string} state */
async function start(runtime, state) {
  const server = await starters[runtime](state);
  servers.push(server);
  return server;
}

/** @param {import('../support/server').Server} server */
async function stop(server) {
  servers.splice(servers.indexOf(server), 1);
  expect((await server.stop()).code).toBe(0);
}

/** @param {import('../support/server').Server} server */
async function kill(server) {
  servers.splice(servers.indexOf(server), 1);
  await server.kill();
}

/** @param {import('../support/server').Server} server @param {string} action @param {string} name @param {number} [number] */
async function call(server, action, name = 'none', number = 0) {
  const response = await fetch(`${server.url}/${action}/${encodeURIComponent(name)}/${number}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${action} ${name}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** @param {import('../support/server').Server} server @param {string[]} names */
async function readAll(server, names) {
  return Promise.all(names.map((name) => call(server, 'read', name)));
}

/** @param {number} time */
const until = (time) => new Promise((resolve) => setTimeout(resolve, time - Date.now()));

/** @param {string} state */
function databases(state) {
  const folder = path.join(state, 'do', 'notebook-Notes');
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}

describe.each([
  ['miniflare', 'is disposed of', stop, 'holdfast'],
  ['miniflare', 'is killed', kill, 'holdfast'],
  ['holdfast', 'stops', stop, 'miniflare'],
])('%s writes and %s', (writer, _how, end, reader) => {
  test(`S3.13, S5.6.4 ${reader} reads everything and runs the alarms`, async () => {
    const state = temporaryDirectory('interop');
    const first = await start(writer, state);
    const names = [...NAMES, await call(first, 'unique')];
    const far = Date.now() + HOUR_MS;
    for (const name of names) await call(first, 'write', name, far);
    const written = await readAll(first, names);
    expect(written[0]).toMatchObject({ name: 'one', alarm: far, alarms: [] });
    expect(written[0].values.map).toBe('Map {"k", "v"; 1, Map {Object {x: 1}, Set {"s"}}}');
    await call(first, 'write', 'overdue', Date.now() + SOON_MS);
    const due = Date.now() + 2 * SOON_MS;
    await call(first, 'write', 'due', due);
    await end(first);
    await until(due - SOON_MS + 1);

    const second = await start(reader, state);
    expect(await readAll(second, names)).toEqual(written);
    const [overdue] = await call(second, 'rang', 'overdue');
    expect(overdue.name).toBe('overdue');
    const [ran] = await call(second, 'rang', 'due');
    expect(ran).toMatchObject({ name: 'due', scheduledTime: due });
    expect(ran.at).toBeGreaterThanOrEqual(due);
    expect((await call(second, 'read', 'due')).alarm).toBeNull();
    await stop(second);
  });
});

describe.each([
  ['miniflare', 'is disposed of', stop, 'holdfast'],
  ['miniflare', 'is killed', kill, 'holdfast'],
  ['holdfast', 'stops', stop, 'miniflare'],
])('%s starts facets and %s', (writer, _how, end, reader) => {
  test(`S1.15.5 ${reader} finds each of them under its number`, async () => {
    const state = temporaryDirectory('interop');
    const first = await start(writer, state);
    await call(first, 'forward', 'one');
    expect(await call(first, 'forward', 'one')).toEqual({
      first: [2, 2],
      second: [2, 2],
      Grüße: [2, 2],
    });
    await call(first, 'forward', 'two');
    await end(first);

    let second = await start(reader, state);
    expect(await call(second, 'backward', 'one')).toEqual({
      first: [3, 3],
      second: [3, 3],
      Grüße: [3, 3],
      new: [1, 1],
    });
    await call(second, 'tear', 'one');
    await stop(second);

    second = await start(writer, state);
    expect(await call(second, 'backward', 'one')).toEqual({
      first: [4, 4],
      second: [1, 1],
      Grüße: [4, 4],
      new: [2, 2],
    });
    expect((await call(second, 'forward', 'two')).first).toEqual([2, 2]);
    await stop(second);
  });
});

test('S1.3 ids are the same in both', async () => {
  const ids = [];
  for (const runtime of /** @type {const} */ (['miniflare', 'holdfast'])) {
    const server = await start(runtime, temporaryDirectory('interop'));
    ids.push(await Promise.all(NAMES.map((name) => call(server, 'id', name))));
    await stop(server);
  }
  expect(ids[0]).toEqual(ids[1]);
});

test('S3.13 state goes to and fro', async () => {
  const state = temporaryDirectory('interop');
  const far = Date.now() + HOUR_MS;
  let server = await start('miniflare', state);
  await call(server, 'write', 'one', far);
  await stop(server);
  server = await start('holdfast', state);
  await call(server, 'change', 'one', far + 1);
  const changed = await call(server, 'read', 'one');
  expect(changed.values).not.toHaveProperty('string');
  expect(changed).toMatchObject({ alarm: far + 1, tagged: [{ name: 'SEVEN' }] });
  await stop(server);
  server = await start('miniflare', state);
  expect(await call(server, 'read', 'one')).toEqual(changed);
  await call(server, 'write', 'two', far);
  const two = await call(server, 'read', 'two');
  await kill(server);
  server = await start('holdfast', state);
  expect(await readAll(server, ['one', 'two'])).toEqual([changed, two]);
  await stop(server);
});

test('S3.13.1 after a clean stop each object is one file that the sqlite3 shell opens', async () => {
  const state = temporaryDirectory('interop');
  let server = await start('miniflare', state);
  for (const name of NAMES) await call(server, 'write', name, Date.now() + HOUR_MS);
  await kill(server);
  expect(databases(state).filter((file) => file.endsWith('-wal'))).not.toHaveLength(0);
  server = await start('holdfast', state);
  for (const name of NAMES) await call(server, 'change', name, Date.now() + HOUR_MS);
  await call(server, 'write', 'new', Date.now() + HOUR_MS);
  await stop(server);
  expect(databases(state).filter((file) => !file.endsWith('.sqlite'))).toEqual([]);
  expect(databases(state)).toHaveLength(NAMES.length + 2); // and metadata.sqlite
  for (const file of databases(state)) {
    const { stdout, stderr } = spawnSync('sqlite3', [file, 'PRAGMA integrity_check'], {
      encoding: 'utf8',
    });
    expect({ file, stdout, stderr }).toEqual({ file, stdout: 'ok\n', stderr: '' });
  }
});
