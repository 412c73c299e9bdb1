'use strict';
// serveByServer: a Request answered by a server of node:http in this process, without a network (`cloudflare:node`).
//
// Happy path: the two ends of a connection in memory; the server gets one, and Node's HTTP client sends the request on the other and reads
// the response, both as fast as they are taken. What the listener does it does as the code that asked, for the connection was made by it.
// Ways it fails: the listener throws, or the connection ends before there is a response: the promise rejects.

const { once } = require('node:events');
const { Duplex } = require('node:stream');
const { latePackage } = require('../late-package');
const { Response } = require('../web/fetch/response');
const { kFailures } = require('./virtual-server');

/** @type {() => typeof import('node:http')} */
const http = latePackage('node:http');

/** Headers of the connection, which is none of a fetch. */
const kHopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding']);
const kNoBody = new Set([101, 204, 205, 304]);

/** One end of a connection in memory. */
class End extends Duplex {
  /** @type {End | undefined} */
  peer;
  /** Of the server's end: all of the response was written (virtual-server.js). */
  isAnswered = false;
  /** @type {(() => void) | undefined} the peer wrote, and it waits until this end is read */
  #taken;

  _read() {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  /** @param {Buffer} chunk @param {string} _encoding @param {() => void} callback */
  _write(chunk, _encoding, callback) {
    const peer = /** @type {End} */ (this.peer);
    if (peer.destroyed || peer.push(chunk)) callback();
    else peer.#taken = callback;
  }

  /** @param {() => void} callback */
  _final(callback) {
    this.peer?.push(null);
    callback();
  }

  /** @param {Error | null} error @param {(error: Error | null) => void} callback */
  _destroy(error, callback) {
    this._read();
    if (this.peer && !this.peer.destroyed) this.peer.destroy();
    callback(error);
  }

  // What Node asks of a socket.
  setTimeout() {
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
}

/** Of these Node takes the first, and a Request has joined them. */
const kOnce = new Set([
  ...['authorization', 'content-type', 'from', 'host', 'if-modified-since', 'if-unmodified-since'],
  ...['location', 'max-forwards', 'proxy-authorization', 'referer', 'user-agent'],
]);
const kFirst = /^(?:[^",]|"(?:[^"\\]|\\.)*"?)*/;

/** @param {[string, string]} header @returns {[string, string]} */
const asNodeTakes = ([name, value]) => [
  name,
  kOnce.has(name) ? String(kFirst.exec(value)?.[0]) : value,
];

/**
 * @param {import('./virtual-server').VirtualServer} server
 * @param {number} port of it
 * @param {any} request
 * @param {{env: unknown, ctx: unknown}} given to the listener, as `request.cloudflare`
 * @returns {Promise<any>} a Response
 */
async function serveByServer(server, port, request, given) {
  const near = new End();
  const far = new End();
  near.peer = far;
  far.peer = near;
  Object.assign(far, {
    ...{ localAddress: '127.0.0.1', localPort: port, encrypted: false },
    ...{
      remoteAddress: request.headers.get('cf-connecting-ip') ?? '127.0.0.1',
      remoteFamily: 'IPv4',
      remotePort: 65_535,
    },
    cloudflare: { ...given, cf: request.cf },
  });
  const failed = new Promise((_, reject) => server[kFailures].set(far, reject));
  failed.catch(() => near.destroy());
  server.emit('connection', /** @type {any} */ (far));
  const outgoing = requestOn(near, request);
  const answered = once(outgoing, 'response');
  // Whichever is first; the other is of no interest then.
  answered.catch(() => {});
  void sendBody(request.body, outgoing).catch(() => near.destroy());
  const [incoming] = await Promise.race([answered, failed]);
  return toResponse(incoming, near);
}

/** @param {End} near @param {any} request @returns {import('node:http').ClientRequest} */
function requestOn(near, request) {
  const { pathname, search } = new URL(request.url);
  const outgoing = http().request({
    createConnection: () => /** @type {any} */ (near),
    method: request.method,
    path: pathname + search,
    headers: Object.fromEntries([...request.headers].map(asNodeTakes)),
    setHost: false,
  });
  if (!request.headers.has('connection')) outgoing.removeHeader('connection');
  // Who waits for the response hears of what fails before it; bytes behind one that is complete are of no interest.
  outgoing.on('error', () => {});
  return outgoing;
}

/** @param {ReadableStream<Uint8Array> | null} body @param {import('node:http').ClientRequest} outgoing */
async function sendBody(body, outgoing) {
  if (body) {
    for await (const chunk of /** @type {any} */ (body)) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(chunk)) await once(outgoing, 'drain');
    }
  }
  outgoing.end();
}

/** @param {import('node:http').IncomingMessage} incoming @param {End} near */
function toResponse(incoming, near) {
  const { statusCode: status = 200, statusMessage: statusText, rawHeaders, method } = incoming;
  /** @type {[string, string][]} */
  const headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!kHopByHop.has(rawHeaders[i].toLowerCase()))
      headers.push([rawHeaders[i], rawHeaders[i + 1]]);
  const isEmpty = kNoBody.has(status) || method === 'HEAD';
  incoming.once('close', () => near.destroy());
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : bodyOf(incoming, near), { status, statusText, headers });
}

/**
 * As on Workers a body has the length that it has, whatever its headers say: it also ends when all that the server wrote was read.
 * @param {import('node:http').IncomingMessage} incoming
 * @param {End} near
 * @returns {ReadableStream<Uint8Array>}
 */
function bodyOf(incoming, near) {
  const far = /** @type {End} */ (near.peer);
  const isOver = () =>
    incoming.readableEnded ||
    (far.isAnswered && far.writableLength + near.readableLength + incoming.readableLength === 0);
  /** @type {() => void} */
  let wake = () => {};
  /** @type {unknown} */
  let failure;
  for (const event of ['readable', 'end', 'close']) incoming.on(event, () => wake());
  incoming.on('error', (error) => {
    failure = error;
    wake();
  });
  far.on('answered', () => setImmediate(() => wake()));
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      for (;;) {
        const chunk = incoming.read();
        if (chunk !== null) return controller.enqueue(new Uint8Array(chunk));
        if (isOver()) break;
        if (failure !== undefined) throw failure;
        await new Promise((resolve) => (wake = () => resolve(undefined)));
      }
      controller.close();
      controller.byobRequest?.respond(0);
      incoming.destroy();
    },
    async cancel() {
      incoming.destroy();
    },
  });
}

module.exports = { serveByServer };
