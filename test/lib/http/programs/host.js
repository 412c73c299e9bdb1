// A program of somebody else with the runtime inside: `node host.js KIND [certFile keyFile]` with KIND one of node, express,
// neighbour, parser-first, fastify, hono, tls, http2, http2-tls. It prints where it listens; GET /host tells what it still holds.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { createRuntime } = require('../../../..');
const { makeProject } = require('../../../support/project-files');

const SOURCE = `
import { DurableObject } from 'cloudflare:workers';
export class Room extends DurableObject {
  instance = Math.random();
  async fetch(request) {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 ? 1000 : code, reason);
  }
  webSocketMessage(ws, message) {
    ws.send(\`\${this.instance} \${message}\`);
  }
}
let left = 'nobody';
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (request.headers.get('upgrade')) return env.ROOM.getByName('r').fetch(request);
    if (url.pathname.endsWith('/left')) return new Response(left);
    const lied = { headers: { 'content-length': '5' } };
    if (url.pathname.endsWith('/text')) return new Response('three', lied);
    if (url.pathname.endsWith('/longer')) return new Response('a longer text', lied);
    if (url.pathname.endsWith('/nothing')) return new Response(null, lied);
    if (url.pathname.endsWith('/stream')) return new Response(new Blob(['a stream']).stream(), lied);
    if (url.pathname.endsWith('/wait')) {
      left = 'waiting';
      request.signal.addEventListener('abort', () => (left = request.signal.reason.message));
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    }
    if (url.pathname.endsWith('/events')) {
      let push;
      const body = new ReadableStream({ start: (c) => (push = c), cancel: () => (left = 'cancelled') });
      push.enqueue(new TextEncoder().encode('data: first\\n\\n'));
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    }
    if (url.pathname.endsWith('/upload')) {
      left = 'uploading';
      left = await request.text().then((text) => String(text.length), (error) => error.message);
    }
    if (url.pathname.endsWith('/signal')) {
      left = 'answered';
      request.signal.addEventListener('abort', () => (left = 'aborted'));
      return new Response('all', { headers: { connection: 'close', 'keep-alive': 'x', 'x-b': '2' } });
    }
    if (url.pathname.endsWith('/breaks')) {
      const pull = (c) => c.error(new Error('on purpose'));
      return new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(5)), pull }));
    }
    if (url.pathname.endsWith('/cookie')) return new Response(request.headers.get('cookie'));
    if (url.pathname.endsWith('/large')) {
      left = 'large';
      let count = 0;
      const pull = (c) => {
        count += 1;
        left = String(count);
        if (count === 400) return c.close();
        c.enqueue(new Uint8Array(65536));
      };
      return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    }
    if (url.pathname.endsWith('/throws')) throw new Error('on purpose');
    const text = await request.text();
    const headers = new Headers({ 'x-wide': 'caf\\u00e9' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    return new Response(JSON.stringify([request.method, request.url, request.headers.get('x-a'), text.length]), {
      status: 201, statusText: 'Made', headers,
    });
  },
};`;

const CONFIG = JSON.stringify({
  name: 'w',
  main: 'worker.mjs',
  compatibility_date: '2026-11-01',
  compatibility_flags: ['enable_request_signal'],
  durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
});

/** @param {import('node:http').Server} server @param {any} runtime */
function tellOfHost(server, runtime) {
  server.on('upgrade', runtime.handleUpgrade);
  return (/** @type {any} */ request, /** @type {any} */ response) => {
    if (request.url !== '/host') return runtime.requestListener(request, response);
    server.getConnections((_error, connections) =>
      response.end(JSON.stringify({ connections, isOwn: isOwn() })),
    );
  };
}

/** @type {Record<string, (runtime: any, files: string[]) => Promise<import('node:http').Server>>} */
const hosts = {
  async node(runtime) {
    const server = http.createServer();
    return server.on('request', tellOfHost(server, runtime)).listen(0, '127.0.0.1');
  },
  // As Next's server, which looks at upgrades by itself and ends those that it does not know.
  async neighbour(runtime) {
    const server = http.createServer();
    server.on('request', tellOfHost(server, runtime));
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
    return server.listen(0, '127.0.0.1');
  },
  async tls(runtime, [certFile, keyFile]) {
    const files = { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) };
    const server = https.createServer(files);
    server.on('request', tellOfHost(/** @type {any} */ (server), runtime));
    return /** @type {any} */ (server.listen(0, '127.0.0.1'));
  },
  async http2(runtime) {
    const server = http2.createServer();
    server.on('request', tellOfHost(/** @type {any} */ (server), runtime));
    return /** @type {any} */ (server.listen(0, '127.0.0.1'));
  },
  async 'http2-tls'(runtime, [certFile, keyFile]) {
    const files = { cert: fs.readFileSync(certFile), key: fs.readFileSync(keyFile) };
    const server = http2.createSecureServer({ ...files, allowHTTP1: true });
    server.on('request', tellOfHost(/** @type {any} */ (server), runtime));
    return /** @type {any} */ (server.listen(0, '127.0.0.1'));
  },
  async express(runtime) {
    const express = require('express');
    const app = express();
    app.get('/own', (/** @type {any} */ _request, /** @type {any} */ response) =>
      response.json({ own: true }),
    );
    app.use('/worker', runtime.requestListener);
    return app.listen(0, '127.0.0.1');
  },
  async 'parser-first'(runtime) {
    const express = require('express');
    const app = express();
    app.use(express.text(), runtime.requestListener);
    return app.listen(0, '127.0.0.1');
  },
  async fastify(runtime) {
    const app = require('fastify').fastify();
    app.get('/own', async () => ({ own: true }));
    app.register(async (/** @type {any} */ scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        '*',
        (/** @type {any} */ _r, /** @type {any} */ _p, /** @type {any} */ done) => done(null),
      );
      scope.all('/worker/*', (/** @type {any} */ request, /** @type {any} */ reply) => {
        reply.hijack();
        runtime.requestListener(request.raw, reply.raw);
      });
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async hono(runtime) {
    const { Hono } = require('hono');
    const { serve } = require('@hono/node-server');
    const { RESPONSE_ALREADY_SENT } = require('@hono/node-server/utils/response');
    const app = new Hono();
    app.get('/own', (/** @type {any} */ c) => c.json({ own: true }));
    app.all('/through/*', (/** @type {any} */ c) => runtime.fetch(c.req.raw));
    app.all('/worker/*', (/** @type {any} */ c) => {
      runtime.requestListener(c.env.incoming, c.env.outgoing);
      return RESPONSE_ALREADY_SENT;
    });
    return /** @type {any} */ (serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }));
  },
};

const own = { Response, Request, Headers, fetch, WebSocket: globalThis.WebSocket, setTimeout };
/** Whether the program's globals are those it started with. */
const isOwn = () =>
  Object.entries(own).every(([name, value]) => value === /** @type {any} */ (globalThis)[name]);

async function main() {
  const [kind, ...files] = process.argv.slice(2);
  const config = makeProject({ 'worker.mjs': SOURCE, 'wrangler.json': CONFIG });
  const runtime = await createRuntime({ config, idleEvictionMs: 20 });
  const server = await hosts[kind](runtime, files);
  const ready = () => console.log(`port ${/** @type {any} */ (server.address()).port}`);
  if (server.listening) ready();
  else server.once('listening', ready);
  process.once('SIGTERM', async () => {
    server.close();
    /** @type {any} */ (server).closeAllConnections?.();
    await runtime.close();
  });
}

main();
