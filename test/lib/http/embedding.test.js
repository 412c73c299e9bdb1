// The runtime inside a program's own server: requestListener and handleUpgrade with node:http, Express, Fastify and Hono.
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const { Duplex } = require('node:stream');
const { WebSocket } = require('ws');
const { selfSigned } = require('../../support/certificate');
const { start } = require('../../support/host-program');
const { makeProject, removeProjects } = require('../../support/project-files');
const { createRuntime } = require('../../support/runtime');

afterAll(removeProjects);

/** @param {number} port @param {string} path @param {http.RequestOptions} [options] @param {string | Buffer} [body] */
function ask(port, path, options = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path, agent: false, ...options }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ response, text: Buffer.concat(chunks).toString() });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** @param {number} port @param {string} expected */
async function untilLeft(port, expected) {
  for (;;) {
    const { text } = await ask(port, '/left');
    if (text === expected) return;
  }
}

describe('requestListener', () => {
  test('serves a node:http server', async () => {
    const { port } = await start('node');
    const { response, text } = await ask(port, '/p?q=%20', {
      headers: { 'X-A': '1', host: 'h.example' },
    });
    expect([response.statusCode, response.statusMessage]).toEqual([201, 'Made']);
    expect(JSON.parse(text)).toEqual(['GET', 'http://h.example/p?q=%20', '1', 0]);
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(Buffer.from(String(response.headers['x-wide']), 'latin1').toString()).toBe('caf\u00e9');
  });

  test('reads a long body and answers HEAD without one', async () => {
    const { port } = await start('node');
    const long = await ask(port, '/', { method: 'PUT' }, Buffer.alloc(3_000_000));
    expect(JSON.parse(long.text)[3]).toBe(3_000_000);
    const head = await ask(port, '/', { method: 'HEAD' });
    expect([head.response.statusCode, head.text]).toEqual([201, '']);
  });

  test.each([
    ['text', 'three', '5'],
    ['longer', 'a longer text', '13'],
    ['nothing', '', '0'],
    ['stream', 'a stream', undefined],
  ])(
    'S9.2 a body is as long as it is, not as Content-Length says: %s',
    async (path, body, length) => {
      const { port } = await start('node');
      const { response, text } = await ask(port, `/${path}`);
      expect([text, response.headers['content-length']]).toEqual([body, length]);
      const head = await ask(port, `/${path}`, { method: 'HEAD' });
      expect([head.text, head.response.headers['content-length']]).toEqual(['', '5']);
    },
  );

  test('an error is a 500 and reported', async () => {
    const host = await start('node');
    const { response, text } = await ask(host.port, '/throws');
    expect([response.statusCode, text]).toEqual([500, 'Internal Server Error']);
    expect(host.output).toContain('on purpose');
  });

  test('server-sent events leave at once, and the stream is cancelled when the client goes', async () => {
    const { port } = await start('node');
    const request = http.get({ port, path: '/events', agent: false });
    const [response] = await once(request, 'response');
    const [chunk] = await once(response, 'data');
    expect(String(chunk)).toBe('data: first\n\n');
    response.destroy();
    await untilLeft(port, 'cancelled');
  });

  test('a client that leaves aborts request.signal', async () => {
    const { port } = await start('node');
    const request = http.get({ port, path: '/wait', agent: false });
    request.on('error', () => {});
    for (let at = ''; at !== 'waiting';) at = (await ask(port, '/left')).text;
    request.destroy();
    await untilLeft(port, 'The client has disconnected');
  });

  test.each(['express', 'fastify', 'hono'])('inside %s, beside its own routes', async (kind) => {
    const { port } = await start(kind);
    expect((await ask(port, '/own')).text).toBe('{"own":true}');
    const options = { method: 'POST', headers: { host: 'h', 'content-type': 'application/json' } };
    const { text } = await ask(port, '/worker/x', options, '"abc"');
    expect(JSON.parse(text)).toEqual(['POST', 'http://h/worker/x', null, 5]);
  });

  test('the globals of a node:http program stay its own', async () => {
    const { port } = await start('node');
    await ask(port, '/');
    expect(JSON.parse((await ask(port, '/host')).text)).toMatchObject({ isOwn: true });
  });

  test('inside Hono, whose Response is another one, runtime.fetch() answers too', async () => {
    const { port } = await start('hono');
    const options = { method: 'POST', headers: { host: 'h', 'content-type': 'application/json' } };
    const { response, text } = await ask(port, '/through/x', options, '"abc"');
    expect(JSON.parse(text)).toEqual(['POST', 'http://h/through/x', null, 5]);
    expect([response.statusCode, response.headers['set-cookie']]).toEqual([201, ['a=1', 'b=2']]);
  });

  test('an upload that is broken off fails for who reads it', async () => {
    const { port } = await start('node');
    const headers = { 'content-length': '100' };
    const request = http.request({ port, path: '/upload', method: 'POST', headers, agent: false });
    request.on('error', () => {});
    request.write('half');
    await untilLeft(port, 'uploading');
    request.destroy();
    await untilLeft(port, 'Network connection lost.');
  });

  test('a client that does not read holds the stream back', async () => {
    const { port } = await start('node');
    const request = http.get({ port, path: '/large', agent: false });
    const [response] = await once(request, 'response');
    let seen = '';
    for (let before = 'none'; before !== seen;) {
      before = seen;
      await new Promise((resolve) => setTimeout(resolve, 200));
      seen = (await ask(port, '/left')).text;
    }
    expect(Number(seen)).toBeLessThan(400);
    let bytes = 0;
    for await (const chunk of response) bytes += chunk.length;
    expect(bytes).toBe(399 * 65_536);
  });

  test('behind a body parser it says what is wrong', async () => {
    const host = await start('parser-first');
    const options = { method: 'POST', headers: { 'content-type': 'text/plain' } };
    const { response } = await ask(host.port, '/', options, 'abc');
    expect(response.statusCode).toBe(500);
    expect(host.output).toContain('in front of body parsers');
  });
});

describe('handleUpgrade', () => {
  /** @param {WebSocket} socket @param {string} message @returns {Promise<string[]>} the object's instance and the message */
  async function echo(socket, message) {
    socket.send(message);
    const [data] = await once(socket, 'message');
    return String(data).split(' ');
  }

  test('a plain socket is taken over: it stays when its object is evicted, and Node holds nothing of it', async () => {
    const { port } = await start('node');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/room`);
    await once(socket, 'open');
    const [first, text] = await echo(socket, 'one');
    expect(text).toBe('one');
    // The connection that asks is the only one.
    expect(JSON.parse((await ask(port, '/host')).text)).toMatchObject({ connections: 1 });
    // The object is evicted once it was idle for long enough: then another instance answers.
    let instance = first;
    while (instance === first) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      [instance] = await echo(socket, 'again');
    }
    socket.close();
    await once(socket, 'close');
  });

  test('a socket that was taken over is nobody else’s', async () => {
    const { port } = await start('neighbour');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/room`);
    await once(socket, 'open');
    expect((await echo(socket, 'mine'))[1]).toBe('mine');
    socket.close();
    await once(socket, 'close');
  });

  test('frames behind the handshake are not lost', async () => {
    const { port } = await start('node');
    const socket = net.connect(port, '127.0.0.1');
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    const head =
      'GET /room HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    socket.write(Buffer.concat([Buffer.from(head), frame]));
    let received = '';
    for await (const chunk of socket) {
      received += chunk.toString('latin1');
      if (received.endsWith(' hi')) break;
    }
    expect(received).toContain('101 Switching Protocols');
  });

  test('the server ends while a socket is open, which goes with the runtime', async () => {
    const { port, end } = await start('node');
    const socket = new WebSocket(`ws://127.0.0.1:${port}/room`);
    await once(socket, 'open');
    await echo(socket, 'one');
    end(); // closes the server, then the runtime
    const [code] = await once(socket, 'close');
    expect(code).toBe(1001);
  });

  test('a relayed peer that neither reads nor ends is let go of', async () => {
    const config = makeProject({
      'worker.mjs': `export default { fetch: () => new Response('x'.repeat(1_000_000)) };`,
      'wrangler.json': '{"name": "w", "main": "worker.mjs", "compatibility_date": "2026-11-01"}',
    });
    const limits = { writeIdleTimeoutMs: 50, lingerTimeoutMs: 50 };
    const runtime = await createRuntime({ config, limits });
    const request = {
      method: 'GET',
      url: '/',
      httpVersion: '1.1',
      rawHeaders: ['Host', 'a', 'Connection', 'close'],
    };
    const peer = (/** @type {boolean} */ takes) =>
      new Duplex({
        allowHalfOpen: true,
        read() {},
        write: (_chunk, _encoding, done) => void (takes && done()),
      });
    for (const takes of [true, false]) {
      const stream = peer(takes);
      const closed = once(stream, 'close');
      runtime.handleUpgrade(/** @type {any} */ (request), stream, new Uint8Array(0));
      await closed;
      expect(stream.writableFinished).toBe(takes);
    }
  });

  test('a TLS socket is relayed', async () => {
    const { certFile, keyFile } = selfSigned();
    const { port } = await start('tls', [certFile, keyFile]);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/room`, { rejectUnauthorized: false });
    await once(socket, 'open');
    expect((await echo(socket, 'secret'))[1]).toBe('secret');
    socket.close(4001, 'bye');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4001);
  });
});
