// Mixed load with connections that are cut anywhere: afterwards nothing of it is left. The command for the long form is in
// docs/testing.md.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { metrics } = require('../support/metrics');
const { setTimeout: delay } = require('node:timers/promises');
const { randomFrom, seed } = require('../support/random');
const { openSocket } = require('../support/socket');
const { startServer, temporaryDirectory } = require('../support/server');

const SECONDS = Number(process.env.HOLDFAST_SOAK_SECONDS ?? 5);
const CLIENTS = 24;
const SETTLE_MS = 60_000;
const IDLE_EVICTION_MS = 200;
/** What the process may keep beyond what it had after the first round: caches that have filled meanwhile. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;

const below = randomFrom(seed);

const CHUNKED =
  'POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
const UPGRADE =
  'GET /room/a HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
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

/** As long as it takes an object to be evicted, or not. */
const idle = () => delay(below(2 * IDLE_EVICTION_MS));

/** Reads a part of a long answer, slowly or not at all, and resets. @param {number} port */
function readSlowly(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.write('GET /big HTTP/1.1\r\nHost: a\r\n\r\n');
    socket.once('data', async () => {
      socket.pause();
      await idle();
      if (below(2) === 0) socket.resume();
      await idle();
      socket.resetAndDestroy();
    });
  });
}

/** Gives up a download or an upload somewhere in the middle. @param {any} server */
async function giveUp(server) {
  const abort = new AbortController();
  const { signal } = abort;
  setTimeout(() => abort.abort(), below(40));
  const upload = async function* () {
    for (let i = 0; i < 50; i += 1) {
      yield new Uint8Array(10_000);
      await delay(below(3));
    }
  };
  const options = { method: 'POST', body: upload(), duplex: 'half', signal };
  await (
    below(2) === 0 ? fetch(`${server.url}/big`, { signal }) : fetch(`${server.url}/upload`, options)
  )
    .then((response) => response.arrayBuffer())
    .catch((error) => {
      if (!signal.aborted) throw error;
    });
}

/** A socket of a room that sleeps and speaks; what others say comes, too. @param {any} server */
async function visitRoom(server) {
  const socket = await openSocket(`${server.wsUrl}/room/o${below(50)}`);
  for (let left = 1 + below(3); left > 0; left -= 1) {
    const text = `message ${below(1_000_000)}`;
    socket.send(text);
    while ((await socket.next()) !== text);
    await idle();
  }
  if (below(2) === 0) socket.terminate();
  else socket.close(1000, 'bye');
  await socket.closed;
}

/** @type {((server: any) => Promise<unknown>)[]} */
const kinds = [
  (server) => cutAnywhere(server.port, CHUNKED),
  (server) => cutAnywhere(server.port, UPGRADE),
  (server) => cutAnywhere(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'),
  async (server) => (await fetch(`${server.url}/put/o${below(50)}/k${below(9)}/100`)).text(),
  (server) => readSlowly(server.port),
  giveUp,
  visitRoom,
];

let done = 0; // exchanges

/** @param {any} server @param {number} ms */
async function load(server, ms) {
  const until = performance.now() + ms;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until) {
        await kinds[below(kinds.length)](server);
        done += 1;
      }
    }),
  );
}

/**
 * Waits until nothing of the load is left. @param {any} server @param {string} admin @param {string} dataDir
 * @param {number} [descriptorsMax]
 * @returns {Promise<{descriptors: number, resident: number}>} those that are open, and resident bytes
 */
async function settled(server, admin, dataDir, descriptorsMax = Infinity) {
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
      descriptors: Math.max(0, openDescriptors(server.pid, dataDir) - descriptorsMax),
    };
    if (Object.values(left).every((count) => count === 0)) {
      return {
        descriptors: openDescriptors(server.pid, dataDir),
        resident: value('holdfast_memory_bytes{state="resident"}'),
      };
    }
    if (performance.now() > until)
      throw new Error(`seed ${seed}: left over: ${JSON.stringify(left)}`);
  }
}

/** All but the files of objects, which stay open by the hundred (openFilesMax). @param {number} pid @param {string} dataDir */
function openDescriptors(pid, dataDir) {
  const directory = `/proc/${pid}/fd`;
  return fs.readdirSync(directory).filter((fd) => {
    try {
      return !fs.readlinkSync(path.join(directory, fd)).startsWith(dataDir);
    } catch {
      return false; // closed meanwhile
    }
  }).length;
}

test(
  `mixed load with random resets for ${SECONDS} s leaves nothing`,
  async () => {
    const admin = path.join(temporaryDirectory(), 'admin.sock');
    const dataDir = temporaryDirectory();
    const server = await startServer({
      project: 'test/soak/project',
      args: [
        '--data-dir',
        dataDir,
        '--admin-socket',
        admin,
        '--idle-eviction-ms',
        `${IDLE_EVICTION_MS}`,
      ],
    });
    await load(server, Math.min(2_000, SECONDS * 500));
    const before = await settled(server, admin, dataDir);
    await load(server, SECONDS * 1_000);
    const after = await settled(server, admin, dataDir, before.descriptors);
    console.log(
      `seed ${seed}, ${SECONDS} s: ${done} exchanges, resident ${before.resident} -> ${after.resident} bytes, descriptors ${before.descriptors} -> ${after.descriptors}`,
    );
    expect(after.resident - before.resident).toBeLessThan(GROWTH_BYTES_MAX);
    expect((await server.stop()).code).toBe(0);
  },
  SECONDS * 1_000 + 3 * SETTLE_MS,
);
