// A WebSocket client for tests, which keeps what arrives until it is asked for.
'use strict';

const { WebSocket } = require('ws');

const TIMEOUT_MS = 20_000;

/**
 * @typedef {object} Closed
 * @property {number} code
 * @property {string} reason
 */

/** One connection. Messages wait in the order they came: text as string, binary as Buffer. */
class TestSocket {
  /** @type {(string | Buffer)[]} */
  #messages = [];
  /** @type {(() => void)[]} */
  #waiting = [];
  #socket;
  /** @type {Promise<Closed>} */
  closed;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      this.#messages.push(isBinary ? /** @type {Buffer} */ (data) : String(data));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
    });
    socket.on('error', () => {}); // a close follows
  }

  /** @param {string | Buffer} data */
  send(data) {
    this.#socket.send(data);
  }

  /** Reads nothing until resume(). */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /**
   * The next message; rejects when the connection ends or nothing comes in time.
   * @returns {Promise<string | Buffer>}
   */
  next(timeoutMs = TIMEOUT_MS) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new Error('No message came.'))),
        timeoutMs,
      );
      const settle = (/** @type {() => void} */ how) => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((one) => one !== check);
        how();
      };
      const check = () => {
        const message = this.#messages.shift();
        if (message !== undefined) settle(() => resolve(message));
        else if (this.#socket.readyState === WebSocket.CLOSED) {
          settle(() => reject(new Error('The connection is closed.')));
        }
      };
      this.#waiting.push(check);
      check();
    });
  }

  /**
   * @param {number} [code]
   * @param {string} [reason]
   */
  close(code, reason) {
    this.#socket.close(code, reason);
    return this.closed;
  }

  terminate() {
    this.#socket.terminate();
  }

  #wake() {
    const first = this.#waiting[0];
    if (first) first();
  }
}

/**
 * Opens a WebSocket connection; rejects when the server does not upgrade.
 * @param {string} url http(s) or ws(s)
 * @param {import('ws').ClientOptions & {protocols?: string[]}} [options]
 * @returns {Promise<TestSocket>}
 */
function openSocket(url, { protocols = [], ...options } = {}) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, {
    handshakeTimeout: TIMEOUT_MS,
    ...options,
  });
  const client = new TestSocket(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('error', reject);
  });
}

module.exports = { TestSocket, openSocket };
