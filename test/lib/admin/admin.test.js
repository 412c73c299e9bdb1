// The admin surface of a runtime: off unless asked for, apart from the Worker's port.
'use strict';

const http = require('node:http');
const path = require('node:path');
const { createRuntime } = require('../../support/runtime');
const { openSocket } = require('../../support/socket');
const { startServer, temporaryDirectory } = require('../../support/server');

const project = path.resolve(__dirname, '../../failures/project');

/** @type {import('../../../types').Runtime | undefined} */
let runtime;
afterEach(() => runtime?.close());

/** @param {any} [options] */
async function start(options) {
  runtime = /** @type {any} */ (
    await createRuntime({ config: project, dataDir: temporaryDirectory(), ...options })
  );
  return /** @type {import('../../../types').Runtime} */ (runtime);
}

/** @param {any} admin @param {string} target @param {string} [method] */
function ask(admin, target, method = 'GET') {
  const where = admin.path ? { socketPath: admin.path } : { host: admin.host, port: admin.port };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...where, path: target, method }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, text, headers: response.headers });
    });
    request.once('error', reject).end();
  });
}

/** @param {any} admin @returns {Promise<Record<string, number>>} by name and labels */
async function metrics(admin) {
  const { text } = await ask(admin, '/metrics');
  const lines = text.split('\n').filter((/** @type {string} */ line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((/** @type {string} */ line) => {
      const [, name, value] = /** @type {RegExpExecArray} */ (/^(\S+) (\S+)$/.exec(line));
      return [name, Number(value)];
    }),
  );
}

test('is off by default', async () => {
  expect((await start()).admin).toBeUndefined();
});

test('GET /health and what is not there', async () => {
  const { admin } = await start({ admin: { port: 0 } });
  expect(await ask(admin, '/health')).toMatchObject({ status: 200, text: 'ok\n' });
  expect(await ask(admin, '/health', 'HEAD')).toMatchObject({ status: 200, text: '' });
  expect(await ask(admin, '/other')).toMatchObject({ status: 404 });
  expect(await ask(admin, '/metrics', 'POST')).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
});

test('GET /metrics counts what happens, and --admin-socket says where', async () => {
  const admin = { path: path.join(temporaryDirectory(), 'admin.sock') };
  const server = await startServer({
    project,
    args: [
      '--data-dir',
      temporaryDirectory(),
      '--admin-socket',
      admin.path,
      '--idle-eviction-ms',
      '50',
    ],
  });
  expect(await metrics(admin)).toMatchObject({
    holdfast_requests_total: 0,
    holdfast_connections: 0,
    'holdfast_objects{state="resident"}': 0,
    holdfast_commits_total: 0,
  });
  await (await fetch(`${server.url}/put/one/key/10`)).text();
  const socket = await openSocket(`${server.wsUrl}/socket/one`);
  const after = await metrics(admin);
  expect(after).toMatchObject({
    holdfast_requests_total: 2,
    'holdfast_sockets{state="connected"}': 1,
    'holdfast_object_sockets{state="standard"}': 0,
    holdfast_commits_failed_total: 0,
    holdfast_gates_waiting: 0,
    holdfast_queue_depth: 0,
    'holdfast_alarms{state="waiting"}': 0,
  });
  expect(after.holdfast_connections_accepted_total).toBeGreaterThanOrEqual(2);
  expect(after.holdfast_commits_total).toBeGreaterThanOrEqual(1);
  expect(after.holdfast_flushes_total).toBeGreaterThanOrEqual(1);
  expect(after.holdfast_commit_wait_seconds_count).toBeGreaterThanOrEqual(1);
  expect(after.holdfast_flush_commits_sum).toBe(after.holdfast_commits_total);
  expect(after.holdfast_flush_bytes_sum).toBeGreaterThan(10);
  expect(after.holdfast_flush_seconds_count).toBe(after.holdfast_flush_commits_count);
  expect(after.holdfast_turns_total).toBeGreaterThan(0);
  expect(after.holdfast_turn_events_total).toBeGreaterThanOrEqual(after.holdfast_turns_total);
  expect(after['holdfast_memory_bytes{state="resident"}']).toBeGreaterThan(1e6);
  // Its object sleeps and wakes, which the socket outlives.
  const state = async (/** @type {string} */ name) => (await metrics(admin))[`holdfast_${name}`];
  while ((await state('object_sockets{state="hibernated"}')) !== 1);
  expect(await state('objects{state="resident"}')).toBe(0);
  expect(await state('objects{state="hibernated"}')).toBe(1);
  expect(await state('object_sockets{state="awake"}')).toBe(0);
  socket.terminate();
  while ((await state('objects{state="hibernated"}')) !== 0);
  expect(await state('sockets{state="connected"}')).toBe(0);
  expect(await state('object_sockets{state="hibernated"}')).toBe(0);
  expect((await server.stop()).code).toBe(0);
});

test('on a Unix-domain socket, which is gone after close()', async () => {
  const socketPath = path.join(temporaryDirectory(), 'admin.sock');
  const made = await start({ admin: { path: socketPath } });
  expect(made.admin).toEqual({ path: socketPath });
  expect(await ask(made.admin, '/health')).toMatchObject({ status: 200 });
  await made.close();
  await expect(ask({ path: socketPath }, '/health')).rejects.toThrow(/ENOENT/);
});

test('an address that cannot be had fails the start', async () => {
  const { admin } = await start({ admin: { port: 0 } });
  await expect(
    createRuntime({ config: project, admin: { port: /** @type {any} */ (admin).port } }),
  ).rejects.toThrow(/EADDRINUSE/);
});

test.each([
  [{}, 'admin needs either a port or a path.'],
  [{ port: 1, path: 'x' }, 'admin needs either a port or a path.'],
  [{ path: 'x', host: 'y' }, 'takes no admin.host'],
  [{ port: -1 }, 'admin.port is a whole number from 0 to 65535'],
  [{ port: 1, socket: 'x' }, 'admin has no option socket'],
  ['yes', 'admin is an object'],
])('refuses %j', async (admin, message) => {
  await expect(createRuntime(/** @type {any} */ ({ config: project, admin }))).rejects.toThrow(
    message,
  );
});
