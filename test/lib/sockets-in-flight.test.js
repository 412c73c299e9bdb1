// What is on its way to the peer when an object hibernates arrives (S6.10, S6.13.3, S6.15).
'use strict';

const path = require('node:path');
const { makeProject, removeProjects } = require('../support/project-files');
const { metrics } = require('../support/metrics');
const { startServer, temporaryDirectory } = require('../support/server');
const { openSocket } = require('../support/socket');

const MESSAGES = 128;
const BYTES = 65_536;

const source = `
  import { DurableObject } from 'cloudflare:workers';
  let instances = 0;
  export class Room extends DurableObject {
    #number = (instances += 1);
    fetch(request) {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server, [new URL(request.url).pathname]);
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
      return new Response(null, { status: 101, webSocket: client });
    }
    webSocketMessage(socket, text) {
      for (let i = 0; i < ${MESSAGES}; i += 1) socket.send(\`\${i} \`.padEnd(${BYTES}, 'x'));
      if (text === 'close') socket.close(1000, 'done');
      for (const watcher of this.ctx.getWebSockets('/watcher')) watcher.send(\`\${this.#number}\`);
    }
  }
  export default { fetch: (request, env) => env.ROOM.getByName('a').fetch(request) };`;

/** @type {any} */
let server;
let admin = '';

beforeAll(async () => {
  admin = path.join(temporaryDirectory(), 'admin.sock');
  const project = makeProject({
    'wrangler.json': {
      main: 'index.js',
      compatibility_date: '2026-08-25',
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
    },
    'index.js': source,
  });
  const args = ['--admin-socket', admin, '--idle-eviction-ms', '100'];
  server = await startServer({
    project,
    args: [...args, '--data-dir', temporaryDirectory()],
  });
});
afterAll(async () => {
  await server.stop();
  removeProjects();
});

/** Until no object is in memory. */
async function evicted() {
  while ((await metrics(admin))('holdfast_objects{state="resident"}') > 0);
}

/**
 * Sends what makes the object send much, while nothing is read; then the object is gone.
 * @param {any} watcher
 * @param {any} client
 * @param {string} text
 * @returns {Promise<number>} which instance it was
 */
async function sendAndEvict(watcher, client, text) {
  client.pause();
  client.send(text);
  const instance = Number(await watcher.next());
  await evicted();
  return instance;
}

/** @param {any} client */
async function receiveBurst(client) {
  for (let i = 0; i < MESSAGES; i += 1) expect((await client.next()).split(' x')[0]).toBe(`${i}`);
}

test('messages, automatic answers and later messages arrive in order', async () => {
  const watcher = await openSocket(`${server.wsUrl}/watcher`);
  const client = await openSocket(`${server.wsUrl}/client`);
  const first = await sendAndEvict(watcher, client, 'burst');
  client.send('ping'); // wakes nobody
  const second = await sendAndEvict(watcher, client, 'burst');
  expect(second).toBe(first + 1);
  client.resume();
  await receiveBurst(client);
  expect(await client.next()).toBe('pong');
  await receiveBurst(client);
  client.terminate();
  watcher.terminate();
});

test('a close arrives, too', async () => {
  const watcher = await openSocket(`${server.wsUrl}/watcher`);
  const client = await openSocket(`${server.wsUrl}/client`);
  await sendAndEvict(watcher, client, 'close');
  client.resume();
  await receiveBurst(client);
  expect(await client.closed).toEqual({ code: 1000, reason: 'done' });
  watcher.terminate();
});
