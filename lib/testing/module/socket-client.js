'use strict';
// SocketClient: the client's end of a WebSocket to an object of this process, for tests: what arrives is taken with next(), in order.

const kClosed = 'The WebSocket was closed';

/** @typedef {string | ArrayBuffer | Blob} Message */

class SocketClient {
  /** Arrived, not taken. @type {Message[]} */
  #arrived = [];
  /** @type {{resolve(message: Message): void, reject(error: Error): void}[]} */
  #waiting = [];
  /** @type {Error | undefined} */
  #end;

  /** @param {any} socket a WebSocket that was not accepted yet */
  constructor(socket) {
    this.socket = socket;
    /** Settles when the socket is closed: how. @type {Promise<{code: number, reason: string, wasClean: boolean}>} */
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', (/** @type {any} */ { code, reason, wasClean }) => {
        this.#finish(new Error(`${kClosed} (${code}${reason ? ` ${reason}` : ''}).`));
        resolve({ code, reason, wasClean });
      });
    });
    socket.addEventListener('message', (/** @type {any} */ { data }) => {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(data);
      else this.#arrived.push(data);
    });
    socket.accept();
  }

  /** The next message. @returns {Promise<Message>} rejects when the socket is closed and none is left */
  next() {
    const [message] = this.#arrived;
    if (this.#arrived.length > 0) {
      this.#arrived.shift();
      return Promise.resolve(message);
    }
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The next message as JSON. @returns {Promise<any>} */
  async nextJson() {
    return JSON.parse(String(await this.next()));
  }

  /** What has arrived and was not taken. @returns {Message[]} */
  takeAll() {
    return this.#arrived.splice(0);
  }

  /** @param {string | ArrayBuffer | ArrayBufferView} message */
  send(message) {
    this.socket.send(message);
  }

  /** @param {any} value */
  sendJson(value) {
    this.socket.send(JSON.stringify(value));
  }

  /** @param {number} [code] @param {string} [reason] @returns {Promise<{code: number, reason: string, wasClean: boolean}>} how it was closed */
  close(code = 1000, reason = '') {
    this.socket.close(code, reason);
    return this.closed;
  }

  /** Messages until the socket is closed. */
  async *[Symbol.asyncIterator]() {
    for (;;) {
      try {
        yield await this.next();
      } catch (error) {
        if (error === this.#end) return;
        throw error;
      }
    }
  }

  /** @param {Error} error */
  #finish(error) {
    this.#end = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/**
 * Opens one.
 * @param {{fetch(input: any, init?: any): Promise<any>}} target a stub of an object, or a Worker
 * @param {any} [input]
 * @param {any} [init]
 * @returns {Promise<SocketClient>}
 * @throws {Error} the answer was no WebSocket; its status and text
 */
async function connectWebSocket(target, input = 'http://localhost/', init = {}) {
  const headers = new Headers(init.headers ?? input?.headers);
  headers.set('upgrade', 'websocket');
  const response = await target.fetch(input, { ...init, headers });
  const { webSocket } = response;
  if (webSocket) return new SocketClient(webSocket);
  throw new Error(`The answer is no WebSocket: ${response.status} ${await response.text()}`);
}

module.exports = { SocketClient, connectWebSocket };
