// Delivery: Requests and Responses on their way in and out of user code: from the wire, to an object, back, to the wire.
// A body is moved, never copied: the sender's is used afterwards (S1.8.7).
'use strict';

const { dropBody, takeBody } = require('./body.js');
const { streamOf } = require('./body-source.js');
const { latePackage } = require('../../late-package');
const { copiedCf, kOfConnection, receivedCf } = require('./connection-cf.js');
const { copyHeaders, wireValue } = require('./headers.js');
const { knownLength } = require('../streams/identity-transform-stream.js');

const {
  Request,
  isOwnRequest,
  makeRequest,
  requestState,
  signalToFollow,
} = require('./request.js');
const { checkFetchArguments } = require('./request-checks.js');
const { urlOfRedirect, urlToSend } = require('./request-urls.js');
const response = require('./response.js');
const { socketState, transferWebSocket } = require('../sockets/socket-host.js');
const { endOf } = require('../sockets/web-socket.js');
const { tiedStream } = require('../streams/tied-stream.js');

/** @type {() => typeof import('node:http')} */
const http = latePackage('node:http');

/** @typedef {import('./request.js').Request} WebRequest */
/** @typedef {import('./native-body.js').NativeBody} NativeBody */
/** @typedef {import('../sockets/web-socket.js').WebSocket} WebSocket */

/**
 * @typedef {object} WireRequest
 * @property {string} method Upper case.
 * @property {string} url Absolute.
 * @property {string} headersText "name\0value\0...", names in lower case.
 * @property {Uint8Array | NativeBody | null} body
 */

/** A WebRequest of the network. Its headers are immutable. @param {WireRequest} wire @returns {WebRequest} */
function requestFromWire({ method, url, headersText, body }) {
  return makeRequest({
    method,
    url,
    headers: headersText,
    source: body,
    redirect: 'manual',
    signal: null,
    controller: null,
    abortReason: undefined,
    cf: kOfConnection,
    cache: undefined,
    fetcher: null,
    caller: null,
  });
}

/**
 * The arguments of stub.fetch() as the WebRequest the object gets: a new one, with the caller's body moved into it and
 * immutable headers (S1.8.2, S1.8.7). Throws the argument errors of WebRequest and of S1.8.3.
 * @param {ArrayLike<any>} args
 * @returns {WebRequest}
 */
function requestForDelivery(args) {
  checkFetchArguments('Fetcher', args);
  const [input, init] = [args[0], args[1]];
  const plain = (init === undefined || init === null) && isOwnRequest(input);
  const request = plain ? input : new Request(input, init);
  const state = requestState(request);
  const url = urlToSend(state.url);
  if (request.bodyUsed) throw new TypeError('Cannot reconstruct a Request with a used body.');
  const { headers, redirect } = state;
  const signal = signalToFollow(state.signal);
  signal?.throwIfAborted();
  return makeRequest({
    method: state.method,
    url,
    headers: typeof headers === 'string' ? headers : copyHeaders(headers, 'immutable'),
    source: takeBody(request),
    // What the receiver sees; to follow and to give up are the caller's part.
    redirect: 'manual',
    signal: null,
    controller: null,
    abortReason: undefined,
    cf: receivedCf(state.cf),
    cache: state.cache,
    fetcher: null,
    caller: { follows: redirect === 'follow', signal },
  });
}

/**
 * requestForDelivery() for a program outside of all Workers: unless it says what `cf` is, that is what a request of the network has.
 * @param {any} input
 * @param {any} [init]
 * @returns {WebRequest}
 */
function requestFromHost(input, init) {
  const request = requestForDelivery([input, init]);
  requestState(request).cf ??= kOfConnection;
  return request;
}

/**
 * Calls `onAbort` with the reason when the caller of a delivered request gives it up.
 * @param {WebRequest} request
 * @param {(reason: unknown) => void} onAbort
 * @returns {(() => void) | undefined} to be called when the request is answered
 */
function watchCaller(request, onAbort) {
  const signal = requestState(request).caller?.signal;
  if (!signal) return undefined;
  const listener = () => onAbort(abortError(signal.reason));
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** @typedef {(stream: ReadableStream) => ReadableStream} MoveStream the stream that the other side gets for one */

/** A body on its way over RPC. @param {import('./body-source.js').BodySource} source @param {MoveStream} move */
function moved(source, move) {
  const isPlain = source === null || typeof source === 'string' || source instanceof Uint8Array;
  return isPlain || source instanceof Blob ? source : move(streamOf(source));
}

/**
 * The WebRequest that the other side of an RPC call gets.
 * @param {WebRequest} request
 * @param {AbortSignal | null} signal
 * @param {MoveStream} move
 * @returns {WebRequest}
 */
function requestForRpc(request, signal, move) {
  return makeRequest({
    ...requestState(request),
    headers: copyHeaders(request.headers, 'mutable'),
    cf: copiedCf(requestState(request).cf, () => request.headers.get('accept-encoding')),
    source: moved(takeBody(request), move),
    signal,
    controller: null,
    fetcher: null,
    caller: null,
  });
}

/** The signal a Request was made with. @param {WebRequest} request @returns {AbortSignal | null} */
function ownSignal(request) {
  return signalToFollow(requestState(request).signal);
}

/** A fetch that is given up counts as a disconnect (S1.9.5). @param {unknown} reason */
function abortError(reason) {
  if (!(reason instanceof DOMException)) return reason;
  const error = new DOMException(reason.message, reason.name);
  return Object.assign(error, { retryable: true });
}

/** The caller went away (S1.8.7). @param {WebRequest} request */
function abortRequest(request) {
  const gone = new DOMException('The client has disconnected', 'AbortError');
  const reason = Object.assign(gone, { retryable: true });
  const state = requestState(request);
  if (state.controller !== null) state.controller.abort(reason);
  else if (state.signal === null) state.abortReason = reason;
}

/** S6.2.3 @param {WebRequest} request */
function checkUpgrade(request) {
  const { headers } = requestState(request);
  const upgrade =
    typeof headers === 'string' ? wireValue(headers, 'upgrade') : headers.get('upgrade');
  if (upgrade?.toLowerCase() === 'websocket') return;
  throw new TypeError(
    'Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".',
  );
}

/** @param {any} value A Response, ours or Node's. */
function own(value) {
  return response.isOwnResponse(value) ? value : response.adoptResponse(value);
}

/**
 * What the caller of stub.fetch() gets for the handler's Response: a new one, the body moved, the webSocket's end handed
 * over (S6.2.4). Throws when the body was used, or the webSocket cannot be returned.
 * @param {any} value A Response.
 * @param {WebRequest} request What it answers.
 * @param {boolean} [redirected] The request is not the first one of its fetch().
 * @param {import('../streams/tied-stream.js').BodyWriter} [writer]
 * @returns {InstanceType<typeof response.Response>}
 */
function responseForDelivery(value, request, redirected = false, writer = undefined) {
  const { webSocket } = response.responseState(own(value));
  if (webSocket !== null) checkUpgrade(request);
  const tie = (/** @type {import('./body-source.js').BodySource} */ taken) =>
    writer && taken instanceof ReadableStream ? tiedStream(taken, writer) : taken;
  return passResponse(value, requestState(request).url, redirected, namedStatus, tie);
}

/** What the other side of an RPC call gets for a Response. @param {any} value @param {MoveStream} move */
const responseForRpc = (value, move) =>
  passResponse(value, '', false, givenStatus, (taken) => moved(taken, move));

/** @typedef {{status: number, statusText: string}} Status */
/** @param {Status} state */
const givenStatus = (state) => state.statusText;
/** @param {Status} state */
const namedStatus = (state) => state.statusText || (http().STATUS_CODES[state.status] ?? '');

/**
 * @param {any} value a Response
 * @param {string} url
 * @param {boolean} redirected
 * @param {(state: Status) => string} statusText
 * @param {(taken: import('./body-source.js').BodySource) => import('./body-source.js').BodySource} pass
 */
function passResponse(value, url, redirected, statusText, pass) {
  const from = own(value);
  const state = response.responseState(from);
  const source = pass(takeBody(from));
  return response.makeResponse({
    status: state.status,
    statusText: statusText(state),
    source,
    headers: state.headers && copyHeaders(state.headers, 'immutable'),
    type: state.type,
    isFrozen: true,
    webSocket: state.webSocket && passWebSocket(state.webSocket),
    cf: state.cf,
    encodeBody: state.encodeBody,
    kind: state.kind,
    url,
    redirected,
  });
}

/** Nobody gets it. @param {any} answer a Response */
function dropAnswer(answer) {
  dropBody(answer);
  const { webSocket } = response.responseState(own(answer));
  if (webSocket !== null) endOf(webSocket).cut();
}

/**
 * The WebSocket of an answer goes with the invocation that got it, unless that accepts it or passes it on.
 * @param {any} answer a Response
 * @param {{tie(sever: () => void): unknown}} invocation
 */
function tieWebSocket(answer, invocation) {
  const { webSocket } = response.responseState(own(answer));
  if (webSocket === null) return;
  const end = endOf(webSocket);
  invocation.tie(() => {
    if (end.stage === 'new') end.cut();
  });
}

/** An end that cannot be returned is passed as it is: misuse shows at the edge (S6.2.5). @param {WebSocket} ws */
function passWebSocket(ws) {
  return socketState(ws).stage === 'new' ? transferWebSocket(ws) : ws;
}

/**
 * The request that follows a redirect (S1.8.1).
 * @param {WebRequest} request delivered before
 * @param {InstanceType<typeof response.Response>} answer to it
 * @returns {WebRequest | undefined} undefined: no redirect, or the caller wants to see it
 * @throws {TypeError} the target is no URL, or the body cannot be sent again
 */
function redirectedRequest(request, answer) {
  const state = requestState(request);
  const { caller } = state;
  if (!caller?.follows || !REDIRECTS.has(answer.status)) return undefined;
  const location = answer.headers.get('location');
  if (location === null) return undefined;
  const url = urlOfRedirect(location, state.url);
  const { method } = state;
  const { status } = answer;
  const becomesGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  if (becomesGet) return makeRequest({ ...state, url, method: 'GET', source: null });
  const { source } = state;
  const again = source === null || typeof source === 'string' || source instanceof Uint8Array;
  if (!again) throw new TypeError(ONE_TIME_BODY);
  return makeRequest({ ...state, url });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const ONE_TIME_BODY =
  'A request with a one-time-use body (it was initialized from a stream, not a buffer) encountered a redirect requiring the body to be retransmitted. To avoid this error in the future, construct this request from a buffer-like body initializer.';

const CONTENT_LENGTH = /^content-length:.*\r\n/m;

/**
 * @typedef {object} ResponseParts
 * @property {number} status
 * @property {string} statusText
 * @property {string} headersText "name: value\r\n...", for the wire.
 * @property {string | Uint8Array | ReadableStream | null} body
 * @property {WebSocket | null} webSocket For couple().
 */

/**
 * A Response as the network wants it. Its body is used afterwards. Throws when it was used before (S9.5.1).
 *
 * The length of a stream is what is known of it, and not what a header says: that often is the one of a body that was changed on the way
 * (`new Response(response.body.pipeThrough(...), response)`). A header answers HEAD, where nothing else tells what GET would give.
 * @param {any} value A Response.
 * @param {{method: string}} [request] that it answers
 * @returns {ResponseParts}
 */
function responseParts(value, request) {
  const from = own(value);
  const { status, statusText, webSocket, kind } = response.responseState(from);
  if (kind === 'error')
    throw new TypeError('Return value from serve handler must not be an error response.');
  let headersText = response.responseHeadersToWire(from);
  let body = takeBody(from);
  if (body !== null && typeof body === 'object' && !(body instanceof Uint8Array)) {
    if (!(body instanceof ReadableStream)) body = body.stream();
    const length = knownLength(body);
    if (request?.method !== 'HEAD') headersText = headersText.replace(CONTENT_LENGTH, '');
    if (length !== undefined && !CONTENT_LENGTH.test(headersText))
      headersText += `content-length: ${length}\r\n`;
  }
  return { status, statusText, headersText, body, webSocket };
}

module.exports = {
  requestFromHost,
  requestFromWire,
  requestForDelivery,
  requestForRpc,
  ownSignal,
  responseForRpc,
  abortRequest,
  watchCaller,
  checkUpgrade,
  responseForDelivery,
  redirectedRequest,
  responseParts,
  dropAnswer,
  dropBody,
  tieWebSocket,
};
