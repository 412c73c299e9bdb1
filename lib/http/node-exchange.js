'use strict';
// serveNodeRequest: a request that a server of node:http, or of node:http2 by its compatibility API, has taken, answered by the Worker (runtime.requestListener).
//
// Happy path: the IncomingMessage becomes a Request, its body is read as fast as the Worker reads it; the Response goes out through the
// ServerResponse as fast as the peer takes it.
// Ways it fails: the handler throws -> 500; the peer goes away -> request.signal aborts (compatibility flag), the body fails, the
// response's stream is cancelled; the request's body was read before, by a body parser -> 500 and a report that says so.

const {
  NativeBody,
  abortRequest,
  checkUpgrade,
  requestFromWire,
  responseParts,
} = require('../web/internal');
const { reportError } = require('../report-error');
const { Invocation } = require('../workers/invocation');
const {
  cookieOf,
  cutOff,
  hasBody,
  hostOf,
  isCut,
  isHttp2,
  isPseudo,
  kOfConnection,
} = require('./node-http2');
const { pumpBody } = require('./pump-body');
const { fromUtf8, urlOf } = require('./wire-text');

/** As `bodyWindowBytes` of the server: what of a body may wait for the Worker. */
const kWindowBytes = 262_144;

/**
 * @param {import('../workers/worker').Worker} worker
 * @param {import('node:http').IncomingMessage & {originalUrl?: string}} incoming Express keeps the whole target in `originalUrl`
 * @param {import('node:http').ServerResponse} out
 * @param {import('./development').Development} [development] shows problems to the client
 * @returns {Promise<void>} resolves when the response has left or the peer is gone
 */
async function serveNodeRequest(worker, incoming, out, development) {
  const invocation = new Invocation(worker, 'request');
  /** @type {import('./pump-body').Outgoing} */
  const outgoing = { unsent: 0, gone: false, onWritable: undefined, onGone: undefined };
  /** @type {any} */
  let request;
  const closed = new Promise((resolve) => {
    out.once('close', () => {
      outgoing.gone = true;
      outgoing.onGone?.();
      // A stream of HTTP/2 that is reset counts as finished.
      const hasLeft = isHttp2(incoming) ? out.writableEnded : out.writableFinished;
      if (!hasLeft && !outgoing.isOver && request !== undefined) leave(invocation, request);
      resolve(undefined);
    });
  });
  invocation.begin();
  try {
    request = toRequest(incoming);
    const response =
      development?.problemResponse(request) ??
      (await (development?.route(request, worker) ?? worker.answer(request, invocation)));
    if (!outgoing.gone) send(incoming, out, outgoing, request, response);
  } catch (error) {
    reportError(error);
    fail(incoming, out, development?.failure(error, request));
  }
  await closed;
  invocation.done();
}

/** The peer went away. @param {Invocation} invocation @param {any} request */
function leave(invocation, request) {
  if (invocation.flags.enable_request_signal) invocation.run(() => abortRequest(request));
}

/** @param {import('node:http').IncomingMessage & {originalUrl?: string}} incoming */
function toRequest(incoming) {
  const secure = /** @type {any} */ (incoming.socket).encrypted === true;
  const target = incoming.originalUrl ?? incoming.url ?? '/';
  const { rawHeaders } = incoming;
  let headersText = '';
  const host = hostOf(incoming);
  if (incoming.headers.host === undefined && host !== '') headersText = `host\0${host}\0`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (!isPseudo(incoming, name)) headersText += `${name}\0${rawHeaders[i + 1]}\0`;
  }
  const cookie = cookieOf(incoming);
  if (cookie !== undefined) headersText += `cookie\0${cookie}\0`;
  return requestFromWire({
    method: /** @type {string} */ (incoming.method),
    url: urlOf(fromUtf8(target), host, secure),
    headersText: fromUtf8(headersText),
    body: bodyOf(incoming),
  });
}

/** @param {import('node:http').IncomingMessage} incoming */
function bodyOf(incoming) {
  if (!hasBody(incoming)) return null;
  if (incoming.readableDidRead) {
    throw new Error(
      'The body of the request was read before runtime.requestListener got it: put the listener in front of body parsers.',
    );
  }
  let waiting = 0;
  const length = incoming.headers['content-length'];
  const body = new NativeBody(
    (bytes) => {
      waiting -= bytes;
      if (waiting < kWindowBytes) incoming.resume();
    },
    length === undefined ? undefined : Number(length),
  );
  incoming.on('data', (/** @type {Buffer} */ chunk) => {
    waiting += chunk.byteLength;
    // The chunk may lie in a buffer that others share; what a Worker gets is its own.
    body.push(new Uint8Array(chunk), false);
    if (waiting >= kWindowBytes) incoming.pause();
  });
  let hasEnded = false;
  incoming.on('end', () => {
    hasEnded = true;
    body.push(undefined, true, isCut(incoming));
  });
  incoming.on('close', () => {
    const isWhole = isHttp2(incoming) ? hasEnded : incoming.complete;
    body.push(undefined, true, !isWhole);
  });
  incoming.on('error', () => {}); // 'close' follows
  return body;
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} out
 * @param {import('./pump-body').Outgoing} outgoing
 * @param {any} request
 * @param {any} response
 */
function send(incoming, out, outgoing, request, response) {
  const isHead = request.method === 'HEAD';
  const {
    status,
    statusText,
    headersText,
    body: given,
    webSocket,
  } = responseParts(response, request);
  if (webSocket) {
    checkUpgrade(request);
    throw new Error(
      'A WebSocket was returned for a request that came through runtime.requestListener: pass upgrades to runtime.handleUpgrade().',
    );
  }
  // Not as a text: Node would write the head in its encoding.
  const body = typeof given === 'string' ? Buffer.from(given) : given;
  const isWhole = body === null || body instanceof Uint8Array;
  let fields = rawHeaders(headersText);
  // As in the server of our own, what the Worker says of the length of such a body does not count (RFC 9110, 8.6).
  if (isWhole && !isHead && status !== 204 && status !== 304)
    fields = [
      ...fields.filter(([name]) => name !== 'content-length'),
      ['content-length', `${body?.byteLength ?? 0}`],
    ];
  if (isHttp2(incoming)) fields = fields.filter(([name]) => !kOfConnection.has(name));
  if (statusText === '' || isHttp2(incoming)) out.writeHead(status, fields.flat());
  else out.writeHead(status, latin1(statusText), fields.flat());
  if (isWhole) {
    out.end(body ?? undefined);
    return;
  }
  // What the Worker writes leaves at once, also the head: server-sent events wait for nothing.
  out.flushHeaders();
  pumpBody(outgoing, body, {
    write: (chunk) => {
      out.write(chunk, () => {
        outgoing.unsent -= chunk.byteLength;
        outgoing.onWritable?.();
      });
    },
    end: () => out.end(),
    fail: () => cutOff(incoming, out),
  });
}

/** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} out */
function fail(incoming, out, { headersText = '', body = 'Internal Server Error' } = {}) {
  if (out.headersSent) {
    cutOff(incoming, out);
    return;
  }
  out.writeHead(500, rawHeaders(headersText).flat());
  out.end(body);
}

/** Flat it is what writeHead() takes. @param {string} headersText "name: value\r\n..." @returns {[name: string, value: string][]} */
function rawHeaders(headersText) {
  return latin1(headersText)
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
}

/** One character for each byte, as Node writes heads. @param {string} text */
function latin1(text) {
  return Buffer.from(text, 'utf8').toString('latin1');
}

module.exports = { serveNodeRequest };
