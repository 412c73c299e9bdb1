// Outgoing WebSocket connections, on the `ws` package: the transport of `new WebSocket(url)` and of an Upgrade fetch.
//
// A Close frame of the peer is answered by the transport itself. Redirects are not followed (S6.8.5). A socket that nobody has accepted
// yet is not read further than what waits for that.
'use strict';

const { latePackage } = require('../../late-package');
const { connectionLost } = require('../errors.js');

/** @type {() => typeof import('ws')} */
const transport = latePackage('ws');

/** Of the IANA registry of close codes. */
const DEFINED_CODE_MAX = 1014;
const LIBRARY_CODE_MIN = 3000;
const MESSAGE_BYTES_MAX = 32 << 20; // S6.9.1

/** Port of an outgoing connection. @implements {Pick<import('./socket-end.js').Port, 'send'>} */
class OutgoingPort {
  #socket;

  /** @param {import('ws').WebSocket} socket */
  constructor(socket) {
    this.#socket = socket;
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    // The transport may send later; the bytes are the caller's.
    this.#socket.send(typeof data === 'string' ? data : Buffer.from(data), () => {});
  }

  /** The transport sends no code that RFC 6455, 7.4.2 reserves and nobody has defined. @param {number | undefined} code */
  refuses(code) {
    return code !== undefined && code > DEFINED_CODE_MAX && code < LIBRARY_CODE_MIN;
  }

  /** @param {number | undefined} code @param {string} reason */
  close(code, reason) {
    this.#socket.close(code, reason);
  }

  terminate() {
    this.#socket.terminate();
  }

  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  get bufferedAmount() {
    return this.#socket.bufferedAmount;
  }
}

/**
 * Feeds what arrives on the connection to the end.
 * @param {import('./socket-end.js').SocketEnd} end
 * @param {import('ws').WebSocket} socket
 */
function attach(end, socket) {
  end.port = new OutgoingPort(socket);
  socket.on('message', (/** @type {Buffer} */ data, isBinary) => {
    end.receive({ kind: 'message', data: isBinary ? data : data.toString('utf8') });
  });
  socket.on('close', (code, reason) => {
    if (code === 1006) end.receive({ kind: 'gone' });
    else end.receive({ kind: 'close', code, reason: reason.toString('utf8') });
  });
  socket.on('error', () => {}); // 'close' follows and tells
}

/**
 * Starts a handshake. From the 101 on, the connection feeds `end` and is its port.
 * @param {import('./socket-end.js').SocketEnd} end
 * @param {string} url ws: or wss:
 * @param {object} [options]
 * @param {string[]} [options.protocols]
 * @param {Record<string, string>} [options.headers]
 * @param {(socket: import('ws').WebSocket) => void} [options.onOpen] Called before anything arrives at the end.
 * @returns {{cancel: () => void, answered: Promise<import('node:http').IncomingMessage>}} `answered`: the server's answer,
 *   the 101 or another; rejects when there was none.
 */
function dial(end, url, { protocols = [], headers = {}, onOpen } = {}) {
  const SocketTransport = transport();
  const socket = new SocketTransport(url, protocols, {
    headers,
    maxPayload: MESSAGE_BYTES_MAX,
    followRedirects: false,
  });
  /** @type {Promise<import('node:http').IncomingMessage>} */
  const answered = new Promise((resolve, reject) => {
    socket.once('error', (cause) => reject(connectionLost(cause)));
    socket.once('unexpected-response', (_request, response) => resolve(response));
    socket.once('upgrade', (response) => {
      // Synchronously: messages may come in the same packet as the 101.
      socket.once('open', () => {
        onOpen?.(socket);
        resolve(response);
      });
      attach(end, socket);
    });
  });
  return { cancel: () => socket.terminate(), answered };
}

module.exports = { dial };
