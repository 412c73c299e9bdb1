// createRuntime({ limits }): that the storage obeys, and that the types know them.
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { createRuntime } = require('../support/runtime');
const { DurableObject } = require('../../lib/workers');
const { limitDefaults } = require('../../lib/constants');
const { temporaryDirectory } = require('../support/server');

class Notebook extends DurableObject {
  put(key, value) {
    return this.ctx.storage.put(key, value);
  }

  get(key) {
    return this.ctx.storage.get(key);
  }

  // One transaction of so many rows of a kilobyte.
  fill(rows) {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS t(x)');
    for (let row = 0; row < rows; row += 1) sql.exec('INSERT INTO t VALUES(zeroblob(1000))');
  }
}

const open = (options) => createRuntime({ durableObjects: { NOTES: Notebook }, ...options });

test('types/index.d.ts has every limit', () => {
  const text = fs.readFileSync(path.join(__dirname, '../../types/index.d.ts'), 'utf8');
  const type = /type LimitName =([^;]*);/.exec(text)?.[1] ?? '';
  expect([...type.matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual(
    Object.keys(limitDefaults),
  );
});

test('segmentBytes: the log goes on in a new file', async () => {
  const dataDir = temporaryDirectory('limits');
  const runtime = await open({ dataDir, limits: { segmentBytes: 1000, logReserveBytes: 0 } });
  const stub = runtime.env.NOTES.getByName('a');
  const log = path.join(dataDir, 'log');
  const before = fs.readdirSync(log);
  await stub.put('k', 'x'.repeat(2000));
  await stub.put('k', 'y'.repeat(2000));
  expect(fs.readdirSync(log).length).toBeGreaterThan(before.length);
  await runtime.close();
});

test('transactionBytesMax: the object is reset, the next transaction goes on', async () => {
  const dataDir = temporaryDirectory('limits');
  const runtime = await open({ dataDir, limits: { transactionBytesMax: 100_000 } });
  const stub = runtime.env.NOTES.getByName('a');
  await stub.put('k', 'before');
  await expect(stub.fill(1000)).rejects.toThrow('SQLITE_FULL');
  const again = runtime.env.NOTES.getByName('a');
  expect(await again.get('k')).toBe('before');
  await again.put('k', 'after');
  expect(await again.get('k')).toBe('after');
  await runtime.close();
});

describe('least data rates', () => {
  /** @type {import('../..').Runtime} */
  let runtime;
  let port = 0;

  beforeAll(async () => {
    runtime = await createRuntime({
      main: path.join(__dirname, 'programs/bodies.mjs'),
      limits: {
        bodyBytesPerSecondMin: 1_000_000,
        writeBytesPerSecondMin: 4_000_000_000,
        rateGraceMs: 50,
      },
    });
    ({ port } = await runtime.listen({ host: '127.0.0.1', port: 0 }));
  });
  afterAll(() => runtime.close());

  test('bodyBytesPerSecondMin: a body that trickles is answered with 408', async () => {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    let answer = '';
    socket.on('data', (data) => (answer += data));
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n');
    const trickle = () => socket.writable && socket.write('x', () => setImmediate(trickle));
    trickle();
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('writeBytesPerSecondMin: a peer that takes little is dropped in the middle', async () => {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    let bytes = 0;
    socket.on('data', (data) => (bytes += data.length));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const other = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: 'still served',
    });
    expect(await other.text()).toBe('still served');
    socket.resume();
    await once(socket, 'close');
    expect(bytes).toBeLessThan(32 * 1024 * 1024);
  });
});
