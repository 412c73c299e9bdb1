// Migrations on the command line: `holdfast migrations list`, and the question before stored data is deleted (S8.4).
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PassThrough } = require('node:stream');
const { askYesNo } = require('../../../lib/cli/ask');
const { Server } = require('../../../lib/cli/server');
const { startServer } = require('../../support/server');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

const BIN = path.join(__dirname, '../../../bin/holdfast.js');

afterAll(removeProjects);

/** @param {string} cwd @param {string[]} args */
function list(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BIN, 'migrations', 'list', ...args],
    { cwd, encoding: 'utf8' },
  );
  return { status, lines: stdout.split('\n').filter(Boolean), stderr };
}

test('migrations list says what was applied and what is to come', async () => {
  const config = {
    name: 'app',
    main: 'index.js',
    compatibility_date: '2026-08-25',
    durable_objects: { bindings: [{ name: 'A', class_name: 'A' }] },
  };
  const first = { tag: 'v1', new_sqlite_classes: ['A', 'B'], new_classes: ['Old'] };
  const directory = makeProject({
    'wrangler.json': { ...config, migrations: [first] },
    'index.js': `
      import { DurableObject } from 'cloudflare:workers';
      export class A extends DurableObject { async fetch() { await this.ctx.storage.put('a', 1); return new Response('ok'); } }
      export class B extends DurableObject {}
      export class Old extends DurableObject {}
      export default { fetch: (request, { A }) => A.getByName('x').fetch(request) };`,
  });
  expect(list(directory)).toEqual({
    status: 0,
    lines: [
      'Worker app, data in .holdfast',
      'v1: pending; new_classes Old; new_sqlite_classes A, B',
    ],
    stderr: '',
  });
  expect(fs.existsSync(path.join(directory, '.holdfast'))).toBe(false);

  const server = await startServer({ project: directory });
  try {
    expect(await (await fetch(server.url)).text()).toBe('ok');
    const busy = list(directory);
    expect(busy).toMatchObject({ status: 1, lines: [] });
    expect(busy.stderr).toMatch(/in use/);
  } finally {
    await server.stop();
  }

  const more = [
    { tag: 'v2', renamed_classes: [{ from: 'B', to: 'C' }], deleted_classes: ['Old'] },
    { tag: 'v3', transferred_classes: [{ from: 'X', from_script: 'other', to: 'D' }] },
    { tag: 'v4' },
  ];
  const classes = [
    'class Old: kv, app-Old, empty',
    'class A: sqlite, app-A, has objects',
    'class B: sqlite, app-B, empty',
  ];
  writeFiles(directory, { 'wrangler.json': { ...config, migrations: [first, ...more] } });
  expect(list(directory).lines).toEqual([
    'Worker app, data in .holdfast',
    'v1: applied; new_classes Old; new_sqlite_classes A, B',
    'v2: pending; renamed_classes B to C; deleted_classes Old',
    'v3: pending; transferred_classes other:X to D',
    'v4: pending',
    ...classes,
  ]);
  writeFiles(directory, { 'wrangler.json': { ...config, migrations: [] } });
  expect(list(directory).lines).toEqual([
    'Worker app, data in .holdfast',
    'v1: applied, missing in the configuration',
    ...classes,
  ]);
});

test('several Workers: the first takes the requests, each has its migrations', async () => {
  const config = { main: 'index.js', compatibility_date: '2026-08-25' };
  const directory = makeProject({
    'a/wrangler.jsonc': { ...config, name: 'a', services: [{ binding: 'B', service: 'b' }] },
    'a/index.js':
      "export default { fetch: async (request, { B }) => new Response('a ' + (await (await B.fetch(request)).text())) };",
    'b/wrangler.jsonc': { ...config, name: 'b', vars: { NAME: 'b' }, migrations: [{ tag: 'v1' }] },
    'b/index.js': 'export default { fetch: (request, { NAME }) => new Response(NAME) };',
  });
  const both = ['-c', 'a/wrangler.jsonc', '-c', 'b/wrangler.jsonc'];
  const server = await startServer({ project: directory, cwd: directory, args: both });
  try {
    expect(await (await fetch(server.url)).text()).toBe('a b');
  } finally {
    await server.stop();
  }
  expect(list(directory, ...both).lines).toEqual([
    'Worker a, data in a/.holdfast',
    'no migrations',
    'Worker b, data in a/.holdfast',
    'v1: applied',
  ]);
});

describe('the question before data is deleted', () => {
  class UnconfirmedDeletion extends Error {
    name = 'UnconfirmedDeletion';
    classes = ['A', 'B'];
  }
  const configs = [{ dataParent: '/p', dev: {} }];

  /** @param {((question: string) => Promise<boolean>) | undefined} confirm */
  async function run(confirm) {
    /** @type {any[]} */
    const asked = [];
    const runtime = {
      listen: async () => ({ url: 'http://h:1/', port: 1 }),
      close: async () => {},
    };
    const create = async (/** @type {any} */ options) => {
      asked.push(options.deleteClasses);
      if (!options.deleteClasses) throw new UnconfirmedDeletion('not yet');
      return runtime;
    };
    const server = new Server(/** @type {any} */ (create), { var: {} }, confirm);
    const outcome = await server
      .run(/** @type {any} */ (configs), [])
      .catch((error) => error.message);
    return { outcome, asked };
  }

  test('a yes deletes', async () => {
    /** @type {string[]} */
    const questions = [];
    const confirm = async (/** @type {string} */ question) => questions.push(question) > 0;
    expect(await run(confirm)).toEqual({ outcome: 'http://h:1', asked: [undefined, true] });
    expect(questions).toEqual([
      'A migration deletes A, B with everything that is stored in it. Delete it?',
    ]);
  });

  test.each([
    ['a no', async () => false],
    ['nobody to ask', undefined],
  ])('%s does not', async (_, confirm) => {
    expect(await run(confirm)).toEqual({ outcome: 'not yet', asked: [undefined] });
  });

  test.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yellow\n', false],
    ['', false],
  ])('the answer %j', async (typed, expected) => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answer = askYesNo('Sure?', { input, output });
    input.end(typed);
    expect(await answer).toBe(expected);
    expect(String(output.read())).toContain('Sure? [y/N] ');
  });
});
