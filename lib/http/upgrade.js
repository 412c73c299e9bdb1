'use strict';
// handUpgradeOver: an upgrade request that a node:http server has parsed becomes the native server's own.
//
// Its head is written out again as it came, so that the server sees what a connection of its own would have brought: the Worker
// answers it, with a WebSocket or with an ordinary response.

const { takeSocket } = require('./take-socket');

/**
 * @param {import('./take-socket').NativeServer} native
 * @param {import('node:http').IncomingMessage & {originalUrl?: string}} request
 * @param {import('node:stream').Duplex} socket
 * @param {Uint8Array} head what came behind the request
 * @param {import('./take-socket').PeerLimits} limits
 */
function handUpgradeOver(native, request, socket, head, limits) {
  const hand = () => {
    if (socket.destroyed) return;
    takeSocket(native, socket, Buffer.concat([headOf(request), head]), limits);
  };
  // Responses to requests before this one may still be on their way out.
  if (socket.writableLength > 0) socket.write('', hand);
  else hand();
}

/** @param {import('node:http').IncomingMessage & {originalUrl?: string}} request */
function headOf({ method, originalUrl, url, httpVersion, rawHeaders }) {
  let text = `${method} ${originalUrl ?? url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2)
    text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  return Buffer.from(`${text}\r\n`, 'latin1');
}

module.exports = { handUpgradeOver };
