// fetch: the global (S1.8.3, S6.8.3): Node's own fetch behind the Request and Response of Workers.
//
// The happy path: make a Request (argument errors reject), wait until what was written before is durable (S2.6.2), send,
// give the answer as a Response whose body is Node's stream, passed through. A Request with a `fetcher` is given to that
// instead. An `Upgrade: websocket` request opens a WebSocket instead. `cf` is ignored. Node decodes compressed bodies, so the headers that described the encoded form go.
'use strict';

const { Readable } = require('node:stream');
const { takeBody } = require('./body.js');
const { connectionLost } = require('../errors.js');
const { Headers, freezeHeaders, headersList } = require('./headers.js');
const { knownLength, tellLength } = require('../streams/identity-transform-stream.js');
const { originals } = require('../originals.js');
const { dial } = require('../sockets/outgoing-socket.js');
const { checkFetchArguments } = require('./request-checks.js');
const { urlToSend } = require('./request-urls.js');
const { tiedConnection } = require('./tied-connection.js');
const { Request, requestState, signalToFollow } = require('./request.js');
const { PLAIN_RESPONSE, makeResponse } = require('./response.js');
const { settings } = require('../settings.js');
const { SocketEnd } = require('../sockets/socket-end.js');
const { endOf, wrapEnd } = require('../sockets/web-socket.js');

/** @typedef {import('./request.js').Request} WebRequest */
/** Headers of one connection: the transport makes its own. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const HANDSHAKE_HEADERS = /^sec-websocket-(key|version|extensions|accept|protocol)$/;

/** @param {WebRequest} request @returns {Array<[string, string]>} With values as the byte strings Node wants. */
function outgoingHeaders(request) {
  const list = headersList(request.headers);
  /** @type {Array<[string, string]>} */
  const pairs = [];
  for (let i = 0; i < list.length; i += 2) {
    if (CONNECTION_HEADERS.has(list[i])) continue;
    pairs.push([list[i], Buffer.from(list[i + 1], 'utf8').toString('latin1')]);
  }
  return pairs;
}

/** @param {Iterable<[string, string]>} pairs */
function incomingHeaders(pairs) {
  const all = [...pairs];
  const decoded = all.some(([name]) => name.toLowerCase() === 'content-encoding');
  const headers = new Headers();
  for (const [name, value] of all) {
    const key = name.toLowerCase();
    if (decoded && (key === 'content-encoding' || key === 'content-length')) continue;
    headers.append(key, Buffer.from(value, 'latin1').toString('utf8'));
  }
  freezeHeaders(headers);
  return headers;
}

/** @param {WebRequest} request @param {string} url its own, as it is sent */
async function send(request, url) {
  const body = takeBody(request);
  const { method, redirect } = request;
  const signal = signalToFollow(requestState(request).signal);
  /** @type {any} */
  const init = { method, redirect, headers: outgoingHeaders(request) };
  const connection = tiedConnection(signal);
  init.signal = connection?.signal ?? signal ?? undefined;
  if (body !== null) {
    const isPlain = typeof body === 'string' || body instanceof Uint8Array || body instanceof Blob;
    const isStream = body instanceof ReadableStream;
    init.body = isPlain || isStream ? body : body.stream();
    // Of a stream Node takes the length from a header; without one it sends chunks, which some servers refuse (S3's, with 411).
    const length = isStream ? knownLength(body) : isPlain ? undefined : body.size;
    if (length !== undefined) init.headers.push(['content-length', `${length}`]);
    init.duplex = 'half';
    // Node would add a Content-Type that the Request does not have.
    if (typeof body === 'string') init.body = new TextEncoder().encode(body);
  }
  let answer;
  try {
    answer = await originals.fetch(url, init);
  } catch (error) {
    connection?.untie();
    if (signal?.aborted) throw signal.reason;
    throw connectionLost(error);
  }
  connection?.lastsAs(answer.body);
  const headers = incomingHeaders(answer.headers);
  const length = headers.get('content-length');
  if (answer.body !== null && length !== null)
    tellLength(/** @type {any} */ (answer.body), Number(length));
  return makeResponse({
    ...PLAIN_RESPONSE,
    status: answer.status,
    statusText: answer.statusText,
    headers,
    source: /** @type {any} */ (answer.body),
    url: answer.url || url,
    redirected: answer.redirected,
  });
}

/** @param {import('node:http').IncomingMessage} message */
function headersOf(message) {
  /** @type {Array<[string, string]>} */
  const pairs = [];
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    pairs.push([message.rawHeaders[i], message.rawHeaders[i + 1]]);
  }
  return incomingHeaders(pairs);
}

/** S6.8.3 @param {WebRequest} request @param {string} url its own, as it is sent */
async function upgrade(request, url) {
  const pairs = outgoingHeaders(request).filter(([name]) => !HANDSHAKE_HEADERS.test(name));
  const protocols = request.headers.get('sec-websocket-protocol')?.split(',') ?? [];
  const end = new SocketEnd();
  const { answered } = dial(end, url.replace(/^http/, 'ws'), {
    protocols: protocols.map((token) => token.trim()),
    headers: Object.fromEntries(pairs),
  });
  const answer = await answered;
  const { statusCode: status = 500, statusMessage: statusText = '' } = answer;
  const state = {
    ...PLAIN_RESPONSE,
    status,
    statusText,
    headers: headersOf(answer),
    url,
  };
  if (status === 101) return makeResponse({ ...state, webSocket: wrapEnd(end) });
  return makeResponse({ ...state, source: /** @type {any} */ (Readable.toWeb(answer)) });
}

/** Nobody reads it. @param {InstanceType<typeof import('./response.js').Response>} answer */
function dropAnswer({ body, webSocket }) {
  body?.cancel().catch(() => {});
  if (webSocket) endOf(webSocket).cut();
}

/**
 * @param {any} [input] A URL or Request.
 * @param {any} [init]
 * @returns {Promise<InstanceType<typeof import('./response.js').Response>>}
 */
async function fetch(input, init) {
  checkFetchArguments('ServiceWorkerGlobalScope', arguments);
  const request = new Request(input, init);
  const { fetcher } = request;
  if (fetcher !== null) return fetcher.fetch(request);
  const url = urlToSend(request.url);
  signalToFollow(requestState(request).signal)?.throwIfAborted();
  await settings.holdOutput();
  const isUpgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket';
  return settings.behindGate(isUpgrade ? upgrade(request, url) : send(request, url), dropAnswer);
}

module.exports = { fetch };
