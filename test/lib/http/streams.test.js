// Bodies on their way, byte by byte over the server's own connections: what leaves when, and what a peer may do meanwhile.
'use strict';

const path = require('node:path');
const { Peer } = require('../../support/limited-server');
const { makeProject, removeProjects } = require('../../support/project-files');
const { createRuntime } = require('../../support/runtime');

const SOURCE = `
const encode = (text) => new TextEncoder().encode(text);
let push;
let cancelled = 'not cancelled';
export default {
  async fetch(request, _env, ctx) {
    const url = new URL(request.url);
    switch (url.pathname) {
      case '/events': {
        const body = new ReadableStream({ start: (controller) => (push = controller) });
        push.enqueue(encode('data: first\\n\\n'));
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      }
      case '/push':
        push.enqueue(encode('data: ' + url.searchParams.get('text') + '\\n\\n'));
        return new Response('pushed');
      case '/early':
        return new Response('no need to say more', { status: 403 });
      case '/too-late': {
        cancelled = 'reading';
        let over;
        ctx.waitUntil(new Promise((resolve) => (over = resolve))); // else nothing goes on when the client has gone
        await request.text().catch(() => {});
        cancelled = 'answered';
        return new Response(
          new ReadableStream({
            cancel() {
              cancelled = 'cancelled';
              over();
            },
          }),
        );
      }
      case '/cancelled':
        return new Response(cancelled);
      case '/duplex':
        return new Response(request.body);
      case '/part':
        return new Response('bcd', { status: 206, headers: { 'content-range': 'bytes 1-3/9', 'x-asked': request.headers.get('range') } });
      case '/bodiless':
        return new Response(null, { status: Number(url.searchParams.get('status')), headers: { etag: '"a"' } });
      default:
        return new Response([...request.headers.keys()].join());
    }
  },
};`;

/** @type {import('../../../types').Runtime} */
let runtime;
let port = 0;

beforeAll(async () => {
  runtime = await createRuntime({
    main: path.join(makeProject({ 'worker.mjs': SOURCE }), 'worker.mjs'),
  });
  ({ port } = await runtime.listen({ port: 0 }));
});
afterAll(async () => {
  await runtime.close();
  removeProjects();
});

/** @type {Peer[]} */
const open = [];
afterEach(() => open.splice(0).forEach((peer) => peer.socket.destroy()));

function connect() {
  const peer = new Peer(port);
  open.push(peer);
  return peer;
}

test('server-sent events leave at once, each when it comes', async () => {
  const reader = connect();
  reader.get('/events');
  await reader.until(/data: first\n\n\r\n$/);
  for (const text of ['second', 'third']) {
    const writer = connect();
    writer.get(`/push?text=${text}`);
    await reader.until(new RegExp(`data: ${text}\n\n\r\n$`));
  }
});

test('a response comes before the end of the upload, and the connection goes on behind it', async () => {
  const peer = connect();
  const rest = 'x'.repeat(1_000_000);
  peer.write('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n1');
  await peer.until(/no need to say more$/);
  expect(peer.received).toMatch(/^HTTP\/1\.1 403 /);
  peer.received = '';
  peer.write(`${rest}GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
  await peer.until(/\r\n\r\nhost$/);
  expect(peer.received).toMatch(/^HTTP\/1\.1 200 /);
});

test('bytes go through while more of them come', async () => {
  const peer = connect();
  peer.write('POST /duplex HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (const text of ['one', 'two', 'three']) {
    peer.write(`${text.length}\r\n${text}\r\n`);
    await peer.until(new RegExp(`\r\n${text}\r\n$`));
  }
  peer.write('0\r\n\r\n');
  await peer.until(/\r\n0\r\n\r\n$/);
});

test('an answer to who has gone meanwhile is cancelled', async () => {
  const until = async (/** @type {string} */ text) => {
    for (;;) {
      const peer = connect();
      peer.get('/cancelled');
      await peer.until(/\r\n\r\n./);
      if (peer.received.endsWith(text)) return;
    }
  };
  const peer = connect();
  peer.write('POST /too-late HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n1');
  await until('reading');
  peer.socket.resetAndDestroy();
  await until('\r\n\r\ncancelled');
});

test('what asks to continue is told to, once somebody reads', async () => {
  const peer = connect();
  peer.write(
    'POST /duplex HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
  );
  await peer.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  peer.write('abc');
  await peer.until(/abc$/);
});

test('trailers are no headers', async () => {
  const peer = connect();
  peer.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: x-late\r\n\r\n');
  peer.write('1\r\na\r\n0\r\nX-Late: 1\r\nHost: b\r\n\r\n');
  peer.get('/');
  await peer.until(/\r\n\r\nhost$/);
  expect(peer.received.split('\r\n\r\n')[1].split('HTTP')[0]).toBe(
    'host,trailer,transfer-encoding',
  );
});

test('a range is the Worker’s affair', async () => {
  const peer = connect();
  peer.write('GET /part HTTP/1.1\r\nHost: a\r\nRange: bytes=1-3\r\n\r\n');
  await peer.until(/\r\n\r\nbcd$/);
  expect(peer.received).toMatch(/^HTTP\/1\.1 206 [^]*content-range: bytes 1-3\/9\r\n/);
  expect(peer.received).toContain('x-asked: bytes=1-3\r\n');
});

test.each([
  [204, /^HTTP\/1\.1 204 No Content\r\n/],
  [304, /^HTTP\/1\.1 304 Not Modified\r\n/],
])('%i has no body and says nothing of one', async (status, first) => {
  const peer = connect();
  peer.get(`/bodiless?status=${status}`);
  peer.get('/');
  await peer.until(/\r\n\r\nhost$/);
  const [head, next] = peer.received.split('\r\n\r\n');
  expect(head).toMatch(first);
  expect(head).toContain('etag: "a"');
  expect(head).not.toMatch(/content-length|transfer-encoding/i);
  expect(next).toMatch(/^HTTP\/1\.1 200 /);
});
