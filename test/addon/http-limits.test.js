// Every limit of the HTTP server, set by its name and met over a real connection (docs/limits.md).
'use strict';

const { once } = require('node:events');
const { selfSigned } = require('../support/certificate');
const { Peer, limitTests, serverLimits, standstill } = require('../support/limited-server');
const { removeProjects } = require('../support/project-files');

const MEGABYTE = 1 << 20;
/** More than the kernel holds for a connection on the way to a peer that does not read. */
const MUCH = 64 * MEGABYTE;

const { hit, names } = limitTests();
afterAll(removeProjects);

const status = (/** @type {number} */ code) => new RegExp(`^HTTP/1\\.1 ${code} `);
const put = (/** @type {string} */ target, /** @type {number} */ bytes) =>
  `PUT ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n`;

hit(
  'connectionsMax',
  'the next connection waits for one to close',
  { connectionsMax: 1 },
  async ({ port }) => {
    const first = new Peer(port);
    first.get('/');
    await first.until(status(200));
    const second = new Peer(port);
    second.get('/');
    for (let i = 0; i < 5; i += 1) {
      first.received = '';
      first.get('/');
      await first.until(status(200));
    }
    expect(second.received).toBe('');
    first.socket.destroy();
    await second.until(status(200));
    second.socket.destroy();
  },
);

hit(
  'connectionsPerAddressMax',
  'the next one is closed without a word',
  { connectionsPerAddressMax: 1 },
  async ({ port }) => {
    const first = new Peer(port);
    first.get('/');
    await first.until(status(200));
    expect(await new Peer(port).toEnd()).toBe('');
    first.socket.destroy();
    let answer = '';
    while (answer === '') {
      const next = new Peer(port);
      next.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      answer = await next.toEnd();
    }
    expect(answer).toMatch(status(200));
  },
);

hit(
  'headerBytesMax',
  'longer headers are a 431, a longer target is a 414',
  { headerBytesMax: 200 },
  async ({ port }) => {
    const fits = new Peer(port);
    fits.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(160)}\r\n\r\n`);
    await fits.until(status(200));
    const long = new Peer(port);
    long.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200)}\r\n\r\n`);
    expect(await long.toEnd()).toMatch(status(431));
    const target = new Peer(port);
    target.get(`/${'x'.repeat(200)}`);
    expect(await target.toEnd()).toMatch(status(414));
    fits.socket.destroy();
  },
);

hit('headerFieldsMax', 'more headers are a 431', { headerFieldsMax: 3 }, async ({ port }) => {
  const peer = new Peer(port);
  peer.write('GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n');
  await peer.until(status(200));
  peer.received = '';
  peer.write('GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n');
  expect(await peer.toEnd()).toMatch(status(431));
});

hit(
  'pipelinedRequestsMax',
  'the next request begins when a response has left',
  { pipelinedRequestsMax: 2 },
  async ({ port, ask, askUntil }) => {
    const peer = new Peer(port);
    peer.write(
      ['a', 'b', 'c'].map((name) => `GET /hold/${name} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
    );
    await askUntil('/seen', /^held a,held b/);
    expect(await ask('/seen')).toBe('held a,held b');
    await ask('/release/a');
    await askUntil('/seen', /^held a,held b,held c$/);
    await ask('/release/b');
    await ask('/release/c');
    await peer.until(/(200 OK[^]*){3}/);
    peer.socket.destroy();
  },
);

hit('bodyBytesMax', 'a longer body is a 413', { bodyBytesMax: 5 }, async ({ port }) => {
  const peer = new Peer(port);
  peer.write(`${put('/', 5)}12345`);
  await peer.until(/12345$/);
  peer.received = '';
  peer.write(put('/', 6));
  expect(await peer.toEnd()).toMatch(status(413));
  const chunked = new Peer(port);
  chunked.write('PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  chunked.write('3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n');
  expect(await chunked.toEnd()).toMatch(status(413));
});

hit(
  'bodyWindowBytes',
  'a peer whose body nobody reads is not read further, until somebody does',
  { bodyWindowBytes: 65_536 },
  async (server) => {
    const peer = new Peer(server.port);
    peer.write(put('/hold/body', MUCH));
    await server.askUntil('/seen', /held body/);
    let taken = 0;
    const piece = Buffer.alloc(65_536);
    const upload = (async () => {
      for (; taken < MUCH; taken += piece.length)
        await new Promise((resolve) => peer.socket.write(piece, resolve));
    })();
    expect(await standstill(server, () => taken)).toBeLessThan(MUCH);
    await server.ask('/release/body');
    await peer.until(new RegExp(`${MUCH}$`));
    await upload;
    peer.socket.destroy();
  },
);

hit(
  'inlineBodyBytesMax',
  'shorter and longer bodies arrive whole',
  { inlineBodyBytesMax: 4 },
  async ({ port }) => {
    const peer = new Peer(port);
    for (const body of ['1234', '12345', '123456789']) {
      peer.received = '';
      peer.write(put('/', body.length) + body);
      await peer.until(new RegExp(`\r\n\r\n${body}$`));
    }
    peer.socket.destroy();
  },
);

hit(
  'responseQueueBytesMax',
  'a stream is read no further than its reader takes it, and goes on with it',
  { responseQueueBytesMax: 1 },
  async (server) => {
    const peer = new Peer(server.port);
    peer.get('/endless');
    await peer.until(status(200));
    peer.socket.pause();
    const pulled = () => server.ask('/pulled').then(Number);
    const stalled = await standstill(server, pulled);
    expect(stalled).toBeLessThan(MUCH);
    peer.socket.resume();
    while ((await pulled()) < stalled + MUCH) peer.received = '';
    peer.socket.destroy();
    await server.askUntil('/seen', /cancelled/);
  },
);

hit('headerTimeoutMs', 'unfinished headers are a 408', { headerTimeoutMs: 20 }, async (server) => {
  const peer = new Peer(server.port);
  peer.write('GET / HTTP/1.1\r\nHost: a\r\n');
  // Each byte that comes is no reason to wait longer.
  const drip = () => peer.socket.writable && peer.socket.write('x', () => setImmediate(drip));
  drip();
  await peer.until(status(408));
  expect(await peer.toEnd()).toMatch(status(408));
});

hit(
  'bodyIdleTimeoutMs',
  'an unfinished body is a 408',
  { bodyIdleTimeoutMs: 20 },
  async (server) => {
    const peer = new Peer(server.port);
    peer.write(`${put('/', 100)}begun`);
    expect(await peer.toEnd()).toMatch(status(408));
  },
);

hit(
  'bodyBytesPerSecondMin',
  'a body that trickles is a 408',
  { bodyBytesPerSecondMin: 1_000_000, rateGraceMs: 50 },
  async ({ port }) => {
    const peer = new Peer(port);
    peer.write(put('/', 100_000));
    const trickle = () =>
      peer.socket.writable && peer.socket.write('x', () => setImmediate(trickle));
    trickle();
    expect(await peer.toEnd()).toMatch(status(408));
  },
);

for (const name of ['writeBytesPerSecondMin', 'rateGraceMs']) {
  hit(
    name,
    'a peer that takes little is dropped in the middle',
    { writeBytesPerSecondMin: 4_000_000_000, rateGraceMs: 50 },
    async ({ port, askUntil }) => {
      const peer = new Peer(port);
      peer.get('/endless');
      await peer.until(status(200));
      // Long before writeIdleTimeoutMs, which would do the same.
      peer.socket.pause();
      await askUntil('/seen', /cancelled/);
      peer.socket.resume();
      await peer.closed;
    },
  );
}

hit(
  'keepAliveTimeoutMs',
  'an idle connection is closed quietly',
  { keepAliveTimeoutMs: 20 },
  async ({ port }) => {
    const peer = new Peer(port);
    peer.get('/');
    expect(await peer.toEnd()).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
    expect(await new Peer(port).toEnd()).toBe('');
  },
);

hit(
  'writeIdleTimeoutMs',
  'a peer that takes nothing is dropped, and its stream is cancelled',
  { writeIdleTimeoutMs: 50 },
  async ({ port, askUntil }) => {
    const peer = new Peer(port);
    peer.get('/endless');
    await peer.until(status(200));
    peer.socket.pause();
    await askUntil('/seen', /cancelled/);
    peer.socket.destroy();
  },
);

hit(
  'tlsHandshakeTimeoutMs',
  'a peer that does not finish its handshake is dropped',
  { tlsHandshakeTimeoutMs: 30 },
  async ({ runtime }) => {
    const { certFile, keyFile } = selfSigned();
    const { port } = await runtime.listen({ port: 0, tls: { certFile, keyFile } });
    expect(await new Peer(port).toEnd()).toBe('');
  },
);

hit(
  'lingerTimeoutMs',
  'a peer that does not end its side after our end is cut',
  { lingerTimeoutMs: 20 },
  async ({ port }) => {
    const peer = new Peer(port, { allowHalfOpen: true });
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(peer.socket, 'end');
    expect(peer.received).toMatch(status(200));
    const [error] = await new Promise((resolve) => {
      peer.socket.once('error', (/** @type {Error} */ failure) => resolve([failure]));
      const speak = () => peer.socket.writable && peer.socket.write('x', () => setImmediate(speak));
      speak();
    });
    expect(error.code).toMatch(/^(EPIPE|ECONNRESET)$/);
  },
);

hit(
  'drainTimeoutMs',
  'what is still under way is cut',
  { drainTimeoutMs: 20 },
  async ({ runtime, port, askUntil }) => {
    const peer = new Peer(port);
    peer.get('/hold/for-ever');
    await askUntil('/seen', /held for-ever/);
    await runtime.close();
    expect(await peer.toEnd()).toBe('');
  },
);

test('every limit of the HTTP server is met here', () => {
  const others = serverLimits.filter((name) => /^(socket|closeHandshake)/.test(name));
  const all = serverLimits.filter((name) => !others.includes(name));
  expect(names.toSorted()).toEqual(all.toSorted());
});
