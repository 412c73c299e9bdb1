// requestListener in a server of node:http2, by its compatibility API.
'use strict';

const { once } = require('node:events');
const http2 = require('node:http2');
const { WebSocket } = require('ws');
const { selfSigned } = require('../../support/certificate');
const { atEnd, start } = require('../../support/host-program');

/** @param {string} origin */
function connect(origin) {
  const session = http2.connect(origin, { rejectUnauthorized: false });
  session.on('error', () => {});
  atEnd(() => session.destroy());
  return session;
}

async function startPlain() {
  const host = await start('http2');
  return { host, session: connect(`http://127.0.0.1:${host.port}`) };
}

/**
 * @param {http2.ClientHttp2Session} session
 * @param {string} path
 * @param {http2.OutgoingHttpHeaders} [headers]
 * @param {string} [body]
 */
async function ask(session, path, headers = {}, body = undefined) {
  const stream = session.request({ ':path': path, ...headers }, { endStream: body === undefined });
  /** @type {any} */
  let head;
  let text = '';
  stream.on('response', (fields) => (head = fields));
  stream.on('data', (chunk) => (text += chunk));
  stream.on('error', () => {});
  if (body !== undefined) stream.end(body);
  await new Promise((resolve) => stream.once('close', resolve));
  return { head, text, code: stream.rstCode };
}

/** @param {http2.ClientHttp2Session} session @param {string} expected */
async function untilLeft(session, expected) {
  while ((await ask(session, '/left')).text !== expected);
}

test('fields, a body that no field tells of, repeated fields', async () => {
  const { host, session } = await startPlain();
  const { head, text } = await ask(session, '/p?q', { ':method': 'POST', 'x-a': '1' }, 'hello');
  expect(JSON.parse(text)).toEqual(['POST', `http://127.0.0.1:${host.port}/p?q`, '1', 5]);
  expect([head[':status'], head['set-cookie']]).toEqual([201, ['a=1', 'b=2']]);
  const crumbs = await ask(session, '/cookie', { cookie: ['a=1', 'b=2'] });
  expect(crumbs.text).toBe('a=1; b=2');
  const none = await ask(session, '/p', { ':method': 'HEAD' });
  expect([none.head[':status'], none.text]).toEqual([201, '']);
});

test('what belongs to a connection is left out, and the signal of a whole answer stays quiet', async () => {
  const { session } = await startPlain();
  const { head, text } = await ask(session, '/signal');
  expect([head.connection, head['keep-alive'], head['x-b'], text]).toEqual([
    undefined,
    undefined,
    '2',
    'all',
  ]);
  expect((await ask(session, '/left')).text).toBe('answered');
});

test('a body that breaks off is an error of the stream', async () => {
  const { session } = await startPlain();
  expect((await ask(session, '/breaks')).code).toBe(http2.constants.NGHTTP2_INTERNAL_ERROR);
  expect((await ask(session, '/throws')).head[':status']).toBe(500);
});

test('a client that leaves: the signal, a stream of events, an upload', async () => {
  const { host, session } = await startPlain();
  const waits = session.request({ ':path': '/wait' });
  waits.on('error', () => {});
  await untilLeft(session, 'waiting');
  waits.close(http2.constants.NGHTTP2_CANCEL);
  await untilLeft(session, 'The client has disconnected');

  const events = session.request({ ':path': '/events' });
  expect(String((await once(events, 'data'))[0])).toBe('data: first\n\n');
  events.close(http2.constants.NGHTTP2_CANCEL);
  await untilLeft(session, 'cancelled');

  const other = connect(`http://127.0.0.1:${host.port}`);
  const upload = other.request({ ':path': '/upload', ':method': 'POST' });
  upload.on('error', () => {});
  upload.write('half');
  await untilLeft(session, 'uploading');
  other.destroy();
  await untilLeft(session, 'Network connection lost.');
});

test('a client that does not read holds the stream back', async () => {
  const { session } = await startPlain();
  const large = session.request({ ':path': '/large' });
  let seen = '';
  for (let before = 'none'; before !== seen;) {
    before = seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen = (await ask(session, '/left')).text;
  }
  expect(Number(seen)).toBeLessThan(400);
  let bytes = 0;
  for await (const chunk of large) bytes += chunk.length;
  expect(bytes).toBe(399 * 65_536);
});

test('over TLS, beside WebSockets of HTTP/1.1', async () => {
  const { certFile, keyFile } = selfSigned();
  const { port } = await start('http2-tls', [certFile, keyFile]);
  const session = connect(`https://127.0.0.1:${port}`);
  const { text } = await ask(session, '/p');
  expect(JSON.parse(text)[1]).toBe(`https://127.0.0.1:${port}/p`);
  const socket = new WebSocket(`wss://127.0.0.1:${port}/room`, { rejectUnauthorized: false });
  await once(socket, 'open');
  socket.send('one');
  expect(String((await once(socket, 'message'))[0])).toMatch(/ one$/);
  socket.close();
  await once(socket, 'close');
});
