// SocketClient: one WebSocket connection of a scenario, read one event at a time.
//
// Events (frames, the close, a refused handshake) are queued in arrival order; next() takes them one by one, so a
// scenario observes order without depending on timing.
import WebSocket from 'ws';
import { nothingCame } from './compare.js';
import { hostHeader, selectHeaders } from './http-client.mjs';

export class SocketClient {
  #socket;
  #events = [];
  #waiting = null;
  #eventTimeoutMs;

  /**
   * @param {number} port
   * @param {string} path
   * @param {{protocols?: string[], headers?: Record<string, string>}} options
   * @param {number} eventTimeoutMs
   */
  constructor(port, path, { protocols = [], headers = {} }, eventTimeoutMs) {
    this.#eventTimeoutMs = eventTimeoutMs;
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
      headers: { host: hostHeader, ...headers },
      perMessageDeflate: false,
    });
    this.#socket.on('upgrade', (response) => {
      const headers = selectHeaders(response.rawHeaders)
        .map(([name, value]) => `; ${name}: ${value}`)
        .join('');
      this.#push(
        `open ${response.statusCode} protocol=${JSON.stringify(this.#protocolOf(response))}${headers}`,
      );
    });
    this.#socket.on('message', (data, isBinary) =>
      this.#push(isBinary ? `binary ${data.toString('hex')}` : `text ${data}`),
    );
    this.#socket.on('pong', (data) => this.#push(`pong ${data}`));
    this.#socket.on('close', (code, reason) =>
      this.#push(`close ${code} ${JSON.stringify(String(reason))}`),
    );
    this.#socket.on('unexpected-response', (request, response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => this.#push(`refused ${response.statusCode} ${body}`));
    });
    this.#socket.on('error', (error) => this.#push(`error ${error.message}`));
  }

  /** The next event as one line; nothingCame when none came in time. */
  next() {
    if (this.#events.length > 0) return Promise.resolve(this.#events.shift());
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = null;
        resolve(nothingCame);
      }, this.#eventTimeoutMs);
      this.#waiting = (event) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(event);
      };
    });
  }

  /** @param {string | Uint8Array} data */
  send(data) {
    this.#socket.send(data);
  }

  ping(data) {
    this.#socket.ping(data);
  }

  close(code, reason) {
    this.#socket.close(code, reason);
  }

  /** Drops the connection without a Close frame. */
  terminate() {
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => {});
    this.#socket.terminate();
  }

  #protocolOf(response) {
    return response.headers['sec-websocket-protocol'] ?? '';
  }

  #push(event) {
    if (this.#waiting) this.#waiting(event);
    else this.#events.push(event);
  }
}
