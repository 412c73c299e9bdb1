'use strict';
// takeSocket: hands a connection that Node has accepted to the native server (runtime.handleUpgrade, TLS).
//
// A plain socket is taken over whole: the server gets its descriptor, Node forgets it, and from then on it is like one that the
// server accepted itself: its WebSocket hibernates without a JavaScript object. Any other stream (TLS, a test's duplex) is relayed:
// JavaScript carries its bytes to a connection inside the process, and lets go of peers that the server would let go of: it sees
// neither that they take nothing nor that they do not end.
//
// Owner: the native server, from the call on. Failure: throws when the runtime is closed; the stream is then untouched.

const net = require('node:net');

/**
 * @typedef {object} NativeServer
 * @property {(fd: number, remoteAddress: string, secure: boolean, input: Uint8Array) => void} adopt
 * @property {(remoteAddress: string, secure: boolean, input: Uint8Array) => number} relay
 *
 * @typedef {object} PeerLimits
 * @property {number} writeIdleTimeoutMs a peer that takes nothing for so long is dropped
 * @property {number} lingerTimeoutMs so long it may take to end its side after our last byte
 */

/**
 * @param {NativeServer} native
 * @param {import('node:stream').Duplex} stream
 * @param {Uint8Array} input what was read from it already
 * @param {PeerLimits} limits
 */
function takeSocket(native, stream, input, limits) {
  const fd = plainDescriptor(stream);
  if (fd === undefined) {
    relay(native, stream, input, limits);
    return;
  }
  const socket = /** @type {any} */ (stream);
  // No byte may be read by Node from here on, and none that it has read may be lost.
  socket._handle.readStop();
  socket.pause();
  const all = Buffer.concat([input, ...buffered(stream)]);
  native.adopt(fd, socket.remoteAddress ?? '', false, all);
  socket.removeAllListeners('error');
  socket.on('error', () => {});
  // Closes Node's descriptor; the connection goes on through the server's own.
  socket.destroy();
}

/**
 * The descriptor of a TCP or Unix-domain socket that nothing is wrapped around.
 * @param {any} stream
 * @returns {number | undefined}
 */
function plainDescriptor(stream) {
  if (!(stream instanceof net.Socket) || /** @type {any} */ (stream).encrypted) return undefined;
  const fd = /** @type {any} */ (stream)._handle?.fd;
  return Number.isInteger(fd) && fd >= 0 ? fd : undefined;
}

/** @param {import('node:stream').Duplex} stream @returns {Buffer[]} */
function buffered(stream) {
  const chunks = [];
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(chunk);
  return chunks;
}

/**
 * @param {NativeServer} native
 * @param {import('node:stream').Duplex} stream
 * @param {Uint8Array} input
 * @param {PeerLimits} limits
 */
function relay(native, stream, input, { writeIdleTimeoutMs, lingerTimeoutMs }) {
  const { remoteAddress = '', encrypted = false } = /** @type {any} */ (stream);
  const fd = native.relay(remoteAddress, encrypted === true, input);
  const inner = new net.Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  // Each direction ends by itself. When one side is gone so is the other, but what the server has said leaves first.
  stream.pipe(inner).pipe(stream);
  stream.on('error', () => inner.destroy()).on('close', () => inner.destroy());
  inner.on('error', () => stream.destroy());
  inner.on('close', () => stream.end(() => stream.destroy()));
  /** @type {NodeJS.Timeout | undefined} */
  let drop;
  const dropAfter = (/** @type {number} */ ms) => {
    clearTimeout(drop);
    drop = setTimeout(() => stream.destroy(), ms).unref();
  };
  // It is paused while the peer takes nothing.
  inner.on('pause', () => dropAfter(writeIdleTimeoutMs));
  inner.on('resume', () => clearTimeout(drop));
  inner.on('end', () => dropAfter(writeIdleTimeoutMs));
  stream.on('finish', () => dropAfter(lingerTimeoutMs));
  stream.on('close', () => clearTimeout(drop));
}

module.exports = { takeSocket };
