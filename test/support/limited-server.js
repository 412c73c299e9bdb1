// A runtime with limits of its own that listens, and peers that speak to it byte by byte: for the tests that hit each limit.
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { test } = require('@jest/globals');
const { limitDefaults } = require('../../lib/constants');
const { makeProject } = require('./project-files');
const { createRuntime } = require('./runtime');

const WORKER = path.join(__dirname, '../addon/programs/limited.mjs');
const CONFIG = {
  name: 'limited',
  main: 'worker.mjs',
  compatibility_date: '2026-08-25',
  durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
};

/** The limits of net::Limits: all but those of the storage, which follow them. */
const serverLimits = Object.keys(limitDefaults).slice(
  0,
  1 + Object.keys(limitDefaults).indexOf('closeHandshakeTimeoutMs'),
);

/** A connection; what arrives is kept. */
class Peer {
  received = '';
  /** @type {Promise<unknown>} it is over, both ways */
  closed;

  /** @param {number} port @param {import('node:net').NetConnectOpts | object} [options] */
  constructor(port, options = {}) {
    this.socket = net.connect({ port, host: '127.0.0.1', ...options });
    this.socket.on('error', () => {});
    this.socket.on('data', (data) => (this.received += data.toString('latin1')));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  /** @param {string} bytes */
  write(bytes) {
    this.socket.write(bytes, 'latin1');
  }

  /** A request without a body. @param {string} target */
  get(target) {
    this.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  }

  /** @param {string} target */
  upgrade(target) {
    this.write(
      `GET ${target} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
  }

  /** @param {RegExp} pattern */
  async until(pattern) {
    while (!pattern.test(this.received)) {
      if (this.socket.destroyed) throw new Error(`closed after ${this.received.slice(0, 200)}`);
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }

  /** What it was told when the server had ended the connection. */
  async toEnd() {
    await this.closed;
    return this.received;
  }
}

/** @param {Record<string, number>} limits */
async function startLimited(limits) {
  const config = makeProject({
    'worker.mjs': fs.readFileSync(WORKER, 'utf8'),
    'wrangler.json': JSON.stringify(CONFIG),
  });
  const runtime = await createRuntime({ config, limits });
  const { port, url } = await runtime.listen({ port: 0 });
  /** @param {string} target @returns {Promise<string>} by a connection of its own */
  const ask = async (target) => {
    const peer = new Peer(port);
    peer.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    return (await peer.toEnd()).split('\r\n\r\n')[1];
  };
  /** @param {string} target @param {RegExp} pattern */
  const askUntil = async (target, pattern) => {
    for (;;) if (pattern.test(await ask(target))) return;
  };
  return { runtime, port, url, ask, askUntil };
}

/**
 * Waits until `count()` stays what it is while other exchanges pass.
 * @param {{ask: (target: string) => Promise<string>}} server
 * @param {() => number | Promise<number>} count
 */
async function standstill(server, count) {
  let last = -1;
  for (let same = 0; same < 20;) {
    await server.ask('/');
    const now = await count();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return last;
}

/**
 * A table of tests, one for each limit: `hit(NAME, what happens, limits, body)`; `names()` are those it has.
 */
function limitTests() {
  /** @type {string[]} */
  const names = [];
  /**
   * @param {string} name
   * @param {string} title
   * @param {Record<string, number>} limits
   * @param {(server: Awaited<ReturnType<typeof startLimited>>) => Promise<void>} body
   */
  const hit = (name, title, limits, body) => {
    names.push(name);
    test(`${name}: ${title}`, async () => {
      const server = await startLimited(limits);
      try {
        await body(server);
      } finally {
        await server.runtime.close();
      }
    });
  };
  return { hit, names };
}

module.exports = { Peer, limitTests, serverLimits, standstill };
