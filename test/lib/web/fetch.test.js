'use strict';

const http = require('node:http');
const zlib = require('node:zlib');
const { WebSocketServer } = require('ws');
const { fetch } = require('../../../lib/web/fetch/fetch.js');
const { Request } = require('../../../lib/web/fetch/request.js');
const { Response } = require('../../../lib/web/fetch/response.js');
const { WebSocket } = require('../../../lib/web/sockets/web-socket.js');
const { configureWeb, settings } = require('../../../lib/web/settings.js');
const { nextClose, recorded } = require('./support/sockets.js');

/** Once it is answered, the server has taken whatever was sent before. @param {string} to */
const fetchNow = (to) =>
  new Promise((resolve) => http.get(to, (got) => got.resume().on('end', resolve)));

const before = { ...settings };
afterEach(() => configureWeb(before));

let server;
let sockets;
let url;
const seen = [];
const upgrades = [];
const kFloodMessages = 512;
/** The server's end of it. */
let flooding;

/** More than the kernel holds for who does not read. */
function flood(socket) {
  flooding = socket;
  const message = Buffer.alloc(131_072);
  for (let i = 0; i < kFloodMessages; i += 1) socket.send(message);
}

beforeAll(async () => {
  server = http.createServer((request, response) => {
    seen.push(request.url);
    if (request.url === '/gzip') {
      response.setHeader('content-encoding', 'gzip');
      return response.end(zlib.gzipSync('packed'));
    }
    if (request.url === '/redirect') return response.writeHead(302, { location: '/echo' }).end();
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.setHeader('x-type', `${request.headers['content-type']}`);
      response.setHeader('x-header', `${request.headers['x-header']}`);
      response.end(`${request.method} ${Buffer.concat(chunks)}`);
    });
  });
  sockets = new WebSocketServer({ noServer: true, handleProtocols: (names) => [...names][0] });
  sockets.on('connection', (socket, { url: path }) => {
    if (path === '/flood') return flood(socket);
    socket.send('first');
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  server.on('upgrade', (request, socket, head) => {
    seen.push(request.url);
    upgrades.push({ path: request.url, authorization: request.headers.authorization });
    if (request.url === '/moved')
      return socket.end('HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n');
    if (request.url === '/declined')
      return socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno');
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});

afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('fetch', () => {
  test('a Request out, a Response in', async () => {
    const request = new Request(`${url}/echo`, {
      method: 'POST',
      body: 'hé',
      headers: { 'x-header': 'é', connection: 'close', host: 'elsewhere' },
    });
    const response = await fetch(request);
    expect(response).toBeInstanceOf(Response);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-type')).toBe('text/plain;charset=UTF-8');
    expect(() => response.headers.set('a', 'b')).toThrow("Can't modify immutable headers.");
    expect(await response.text()).toBe('POST hé');
    expect(request.bodyUsed).toBe(true);
    await expect(fetch(request)).rejects.toThrow('Cannot reconstruct a Request with a used body.');
  });

  test('streamed bodies, bytes without a type', async () => {
    const stream = await fetch(`${url}/echo`, { method: 'PUT', body: new Blob(['abc']).stream() });
    expect(await stream.text()).toBe('PUT abc');
    const bytes = await fetch(`${url}/echo`, { method: 'PUT', body: new Uint8Array([65]) });
    expect([await bytes.text(), bytes.headers.get('x-type')]).toEqual(['PUT A', 'undefined']);
  });

  test('a decoded body carries no headers of its encoded form', async () => {
    const response = await fetch(`${url}/gzip`);
    expect(response.headers.has('content-encoding')).toBe(false);
    expect(await response.text()).toBe('packed');
  });

  test('S9.2 redirects are followed unless manual', async () => {
    const followed = await fetch(`${url}/redirect`);
    expect([followed.redirected, followed.url]).toEqual([true, `${url}/echo`]);
    const manual = await fetch(`${url}/redirect`, { redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, '/echo']);
  });

  test.each([
    [
      [],
      "Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': parameter 1 is not of type 'Request or string'.",
    ],
    [['/a'], 'Invalid URL: /a'],
    [['ftp://a/b'], 'Fetch API cannot load: ftp://a/b'],
    [['ws://localhost/'], 'Fetch API cannot load: ws://localhost/'],
  ])('S1.8.3 rejects %j', async (args, message) => {
    await expect(fetch(...args)).rejects.toThrow(new TypeError(message));
  });

  test('an aborted signal rejects with its reason', async () => {
    const reason = new Error('zz');
    await expect(fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('S2.6.2 nothing leaves before it may', async () => {
    let open;
    configureWeb({ holdOutput: () => new Promise((resolve) => (open = resolve)) });
    const answer = fetch(`${url}/held`);
    await new Promise(setImmediate);
    expect(seen).not.toContain('/held');
    open();
    expect((await answer).status).toBe(200);
  });
});

describe('Upgrade', () => {
  const upgrade = { headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'chat' } };

  test('S6.8.3 on 101 response.webSocket is set; what came with the 101 is kept', async () => {
    const response = await fetch(`${url}/socket`, upgrade);
    expect(response.status).toBe(101);
    const ws = response.webSocket;
    const got = recorded(ws);
    ws.accept();
    ws.send('x');
    ws.send(new Uint8Array([1]));
    await new Promise((resolve) => {
      ws.addEventListener('message', () => got.length === 3 && resolve());
    });
    ws.close(1000, 'bye');
    expect(await nextClose(ws)).toMatchObject({ code: 1000, wasClean: true });
    expect(got.slice(0, 2)).toEqual(['first', 'x']);
    // The answer says it; the socket does not, as on workerd.
    expect([response.headers.get('sec-websocket-protocol'), ws.protocol]).toEqual(['chat', '']);
  });

  test('S6.1.2 what nobody has accepted is not read further, until somebody does', async () => {
    const { webSocket: ws } = await fetch(`${url}/flood`, upgrade);
    let unsent = -1;
    for (let same = 0; same < 20;) {
      await fetchNow(`${url}/echo`);
      same = flooding.bufferedAmount === unsent ? same + 1 : 0;
      unsent = flooding.bufferedAmount;
    }
    expect(unsent).toBeGreaterThan(0);
    let messages = 0;
    const all = new Promise((resolve) => {
      ws.addEventListener('message', () => (messages += 1) === kFloodMessages && resolve());
    });
    ws.accept();
    await all;
    ws.close();
    await nextClose(ws);
  });

  test('S6.8.3 a server that declines gives an ordinary Response', async () => {
    const response = await fetch(`${url}/declined`, upgrade);
    expect([response.status, response.webSocket, await response.text()]).toEqual([404, null, 'no']);
  });
});

describe('new WebSocket(url)', () => {
  test.each([
    [['nope'], 'The url is invalid.'],
    [['http://a/'], 'The url scheme must be ws or wss.'],
    [['ws://a/#x'], 'The url fragment must be empty.'],
    [['ws://a/', 'a b'], 'The protocol header token is invalid.'],
    [['ws://a/', ['a b']], 'One of the protocol header tokens is invalid.'],
    [['ws://a/', ['a', 'a']], 'The protocols header cannot have repeating values.'],
  ])('S6.8.1 refuses %j', (args, message) => {
    expect(() => new WebSocket(...args)).toThrow(
      expect.objectContaining({
        name: 'SyntaxError',
        message: `WebSocket Constructor: ${message}`,
      }),
    );
  });

  test('S6.8.1, S6.4.4 open, messages, close', async () => {
    const ws = new WebSocket(url.replace('http', 'ws'), ['chat']);
    expect(ws.readyState).toBe(0);
    expect(() => ws.send('x')).toThrow(/^You must call one of accept\(\)/);
    expect(() => ws.accept()).toThrow(
      "Websockets obtained from the 'new WebSocket()' constructor cannot call accept",
    );
    const got = recorded(ws);
    await new Promise((resolve) => (ws.onopen = resolve));
    expect([ws.readyState, ws.protocol]).toEqual([1, 'chat']);
    ws.send('hello');
    await new Promise(
      (resolve) => (ws.onmessage = () => got.push('-') && got.length > 2 && resolve()),
    );
    ws.close(3000, 'done');
    expect(await nextClose(ws)).toMatchObject({ code: 3000, reason: 'done', wasClean: true });
  });

  test('S2.6.2 the handshake does not leave before it may', async () => {
    let open;
    configureWeb({ holdOutput: () => new Promise((resolve) => (open = resolve)) });
    const ws = new WebSocket(`${url.replace('http', 'ws')}/held-handshake`);
    const opened = new Promise((resolve) => ws.addEventListener('open', resolve));
    await new Promise((resolve) => http.get(url, resolve).end()); // a round trip to the same server
    expect(seen).not.toContain('/held-handshake');
    open();
    await opened;
    expect(seen).toContain('/held-handshake');
    ws.close();
    await nextClose(ws);
  });

  test('S6.8.2 an answer other than 101', async () => {
    const ws = new WebSocket(`${url.replace('http', 'ws')}/declined`);
    const got = recorded(ws);
    await nextClose(ws);
    expect(got).toEqual([
      'TypeError: Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 (switching protocols), but received 404 instead.',
      { code: 1006, reason: 'Failed to establish websocket connection', wasClean: false },
    ]);
    expect(ws.readyState).toBe(3);
  });

  test('S6.8.4 the handshake waits until the writes before it are durable', async () => {
    let open;
    configureWeb({ holdOutput: () => new Promise((resolve) => (open = resolve)) });
    const ws = new WebSocket(`${url.replace('http', 'ws')}/waits`);
    await new Promise(setImmediate);
    await fetchNow(url);
    expect(upgrades).not.toContainEqual(expect.objectContaining({ path: '/waits' }));
    expect(ws.readyState).toBe(0);
    open();
    await new Promise((resolve) => (ws.onopen = resolve));
    expect(upgrades).toContainEqual(expect.objectContaining({ path: '/waits' }));
    ws.close();
    await nextClose(ws);
  });

  test('S6.8.4 a handshake that depends on a lost write does not happen', async () => {
    configureWeb({ holdOutput: () => Promise.reject(new Error('the write is lost')) });
    const ws = new WebSocket(`${url.replace('http', 'ws')}/lost`);
    await nextClose(ws);
    expect(upgrades).not.toContainEqual(expect.objectContaining({ path: '/lost' }));
  });

  test('S6.8.5 credentials are not sent', async () => {
    const ws = new WebSocket(`${url.replace('http://', 'ws://user:secret@')}/credentials`);
    expect(ws.url).toBe(`${url.replace('http://', 'ws://user:secret@')}/credentials`);
    await new Promise((resolve) => (ws.onopen = resolve));
    expect(upgrades.at(-1)).toEqual({ path: '/credentials', authorization: undefined });
    ws.close();
    await nextClose(ws);
  });

  test('S6.8.5 redirects are not followed', async () => {
    const ws = new WebSocket(`${url.replace('http', 'ws')}/moved`);
    const got = recorded(ws);
    await nextClose(ws);
    expect(got[0]).toMatch(/but received 302 instead\.$/);
    expect(upgrades.at(-1).path).toBe('/moved');
  });

  test('S6.5.5 close() while connecting cancels', async () => {
    const ws = new WebSocket(url.replace('http', 'ws'));
    const got = recorded(ws);
    ws.close(1000, 'z');
    await nextClose(ws);
    expect(got).toEqual([
      'Error: Network connection lost.',
      { code: 1006, reason: 'Failed to establish websocket connection', wasClean: false },
    ]);
  });
});
