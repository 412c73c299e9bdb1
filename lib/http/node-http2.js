'use strict';
// What the compatibility API of node:http2 has differently from node:http: pseudo-headers, a body that no header tells of, no status
// text, no fields of a connection, and another way to end a stream early (RFC 9113, 8.1 to 8.3).

// Of RFC 9113, 7. Not from node:http2: most programs never load that.
const kNoError = 0;
const kInternalError = 2;

/** @typedef {import('node:http').IncomingMessage & {originalUrl?: string}} Incoming */

/** Fields that a message over HTTP/2 has not (RFC 9113, 8.2.2). */
const kOfConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** @param {Incoming} incoming */
const isHttp2 = (incoming) => incoming.httpVersionMajor === 2;

/** The Http2Stream behind one of the two. @param {Incoming | import('node:http').ServerResponse} message @returns {import('node:http2').ServerHttp2Stream} */
const streamOf = (message) => /** @type {any} */ (message).stream;

/** @param {Incoming} incoming @returns {string} */
function hostOf(incoming) {
  const { host } = incoming.headers;
  return host ?? (isHttp2(incoming) ? (incoming.headers[':authority'] ?? '').toString() : '');
}

/** No field of a request, or one that is put together by cookieOf(). @param {Incoming} incoming @param {string} name */
const isPseudo = (incoming, name) =>
  isHttp2(incoming) && (name.startsWith(':') || name === 'cookie');

/** Over HTTP/2 each crumb may come in a field of its own (RFC 9113, 8.2.3). @param {Incoming} incoming */
const cookieOf = (incoming) => (isHttp2(incoming) ? incoming.headers.cookie : undefined);

/** Whether a body comes, be it empty. @param {Incoming} incoming */
function hasBody(incoming) {
  if (isHttp2(incoming)) return !streamOf(incoming).endAfterHeaders;
  const { headers } = incoming;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/**
 * Whether the end of the body is not that of all of it: a stream that is reset ends, too, and then is `complete`.
 * @param {Incoming} incoming
 */
const isCut = (incoming) =>
  isHttp2(incoming) && (incoming.aborted || streamOf(incoming).rstCode !== kNoError);

/** The body is incomplete, and the peer must see it. @param {Incoming} incoming @param {import('node:http').ServerResponse} out */
function cutOff(incoming, out) {
  if (isHttp2(incoming)) streamOf(out).close(kInternalError);
  else out.destroy();
}

module.exports = { cookieOf, cutOff, hasBody, hostOf, isCut, isHttp2, isPseudo, kOfConnection };
