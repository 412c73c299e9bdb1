// The Durable Object drivers of Drizzle and Kysely run as they come from npm, and answer as on workerd.
'use strict';

const path = require('node:path');
const { ROOT, startServer, temporaryDirectory } = require('../support/server');
const { startWorkerd } = require('./workerd');

const PROJECT = 'test/orm/project';
/** In this order: each builds on those before. */
const STEPS = [
  ...['migrations', 'insert', 'select', 'relational', 'update', 'prepared', 'transactions'].map(
    (step) => `drizzle/${step}`,
  ),
  ...['drizzle/errors', 'drizzle/delete'],
  ...['schema', 'insert', 'select', 'update', 'errors', 'delete', 'transactions'].map(
    (step) => `kysely/${step}`,
  ),
];

/** @type {import('../support/server').Server} */
let server;
/** @type {Awaited<ReturnType<typeof startWorkerd>>} */
let workerd;
const args = ['--data-dir', temporaryDirectory('orm')];

beforeAll(async () => {
  server = await startServer({ project: PROJECT, args });
  workerd = await startWorkerd(path.join(ROOT, PROJECT, 'index.ts'));
});
afterAll(async () => {
  workerd?.kill();
  await server?.kill();
});

/** @param {string} url @param {string} step */
async function ask(url, step) {
  const response = await fetch(`${url}/${step}`);
  const text = await response.text();
  return { status: response.status, body: response.status === 200 ? JSON.parse(text) : text };
}

test.each(STEPS)('%s', async (step) => {
  const [ours, theirs] = [await ask(server.url, step), await ask(workerd.url, step)];
  expect(theirs).toMatchObject({ status: 200 });
  expect(ours).toEqual(theirs);
});

test('what they wrote is there after a restart, and no migration runs twice', async () => {
  expect((await server.stop()).code).toBe(0);
  server = await startServer({ project: PROJECT, args });
  const migrations = await ask(server.url, 'drizzle/migrations');
  expect(migrations.body.applied).toEqual([[1760000000000], [1760000100000]]);
  const update = await ask(server.url, 'kysely/update');
  expect(update.body.returned).toEqual([{ name: 'Cleo', weight: null }]);
});
