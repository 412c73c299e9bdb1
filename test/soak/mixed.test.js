// Mixed load with connections that are cut anywhere: afterwards nothing of it is left. The command for the long form is in
// docs/testing.md.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { metrics } = require('../support/metrics');
const { randomFrom, seed } = require('../support/random');
const { openSocket } = require('../support/socket');
const { startServer, temporaryDirectory } = require('../support/server');

const SECONDS = Number(process.env.HOLDFAST_SOAK_SECONDS ?? 5);
const CLIENTS = 24;
const SETTLE_MS = 60_000;
/** What the process may keep beyond what it had after the first round: caches that have filled meanwhile. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;

const below = randomFrom(seed);

const CHUNKED =
  'POST /put/a/b/9 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
const UPGRADE =
  'GET /socket/a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\x81\x85\0\0\0\0hello';

/** Sends a part of `bytes` and resets, at once or after the first answer. @param {number} port @param {string} bytes */
function cutAnywhere(port, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', resolve);
    const end = below(bytes.length + 1);
    socket.write(bytes.slice(0, end), 'latin1', () => {
      if (end < bytes.length || below(2) === 0) socket.resetAndDestroy();
      else socket.once('data', () => socket.resetAndDestroy());
    });
  });
}

/** @type {((server: any) => Promise<unknown>)[]} */
const kinds = [
  (server) => cutAnywhere(server.port, CHUNKED),
  (server) => cutAnywhere(server.port, UPGRADE),
  (server) => cutAnywhere(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'),
  async (server) => (await fetch(`${server.url}/put/o${below(50)}/k${below(9)}/100`)).text(),
  async (server) => {
    const socket = await openSocket(`${server.wsUrl}/socket/o${below(50)}`);
    socket.send(`o${below(50)}`);
    await socket.next();
    if (below(2) === 0) socket.terminate();
    else socket.close(1000, 'bye');
    await socket.closed;
  },
];

/** @param {any} server @param {number} ms */
async function load(server, ms) {
  const until = performance.now() + ms;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until) await kinds[below(kinds.length)](server);
    }),
  );
}

/**
 * Waits until nothing of the load is left. @param {any} server @param {string} admin @param {number} [socketsMax] descriptors
 * @returns {Promise<{sockets: number, resident: number}>} descriptors that are sockets, and resident bytes
 */
async function settled(server, admin, socketsMax = Infinity) {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const value = await metrics(admin);
    const left = {
      connections: value('holdfast_connections'),
      requests: value('holdfast_requests_active'),
      sockets: value('holdfast_sockets{state="connected"}'),
      unconnected: value('holdfast_sockets{state="unconnected"}'),
      resident: value('holdfast_objects{state="resident"}'),
      queued: value('holdfast_queue_depth'),
      // That of this very request may still be open when the next one asks.
      descriptors: Math.max(0, openSockets(server.pid) - socketsMax),
    };
    if (Object.values(left).every((count) => count === 0)) {
      return {
        sockets: openSockets(server.pid),
        resident: value('holdfast_memory_bytes{state="resident"}'),
      };
    }
    if (performance.now() > until)
      throw new Error(`seed ${seed}: left over: ${JSON.stringify(left)}`);
  }
}

/** @param {number} pid */
function openSockets(pid) {
  const directory = `/proc/${pid}/fd`;
  return fs.readdirSync(directory).filter((fd) => {
    try {
      return fs.readlinkSync(path.join(directory, fd)).startsWith('socket:');
    } catch {
      return false; // closed meanwhile
    }
  }).length;
}

test(
  `mixed load with random resets for ${SECONDS} s leaves nothing`,
  async () => {
    const admin = path.join(temporaryDirectory(), 'admin.sock');
    const server = await startServer({
      project: 'test/failures/project',
      args: [
        '--data-dir',
        temporaryDirectory(),
        '--admin-socket',
        admin,
        '--idle-eviction-ms',
        '200',
      ],
    });
    await load(server, Math.min(2_000, SECONDS * 500));
    const before = await settled(server, admin);
    await load(server, SECONDS * 1_000);
    const after = await settled(server, admin, before.sockets);
    expect(after.resident - before.resident).toBeLessThan(GROWTH_BYTES_MAX);
    expect((await server.stop()).code).toBe(0);
  },
  SECONDS * 1_000 + 3 * SETTLE_MS,
);
