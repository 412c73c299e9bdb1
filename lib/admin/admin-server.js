'use strict';
// AdminServer: health and metrics of a runtime, apart from the port that serves the Worker.
//
// GET /health: 200 while the runtime serves, 503 with the reason when it acknowledges nothing any more, or no writes. GET /metrics: Prometheus text.
// Nothing is counted for it: what the runtime counts anyway is read when somebody asks. It does not keep the process running.
//
// Thread: the one of its Node environment. Owner: Runtime. Failure: open() rejects when the address cannot be had.

const { latePackage } = require('../late-package');
const { formatMetrics, kContentType } = require('./prometheus');

/** @type {() => typeof import('node:http')} */
const http = latePackage('node:http');

const kDefaultHost = '127.0.0.1';

/**
 * @typedef {object} AdminOptions where to listen: a port, or the path of a Unix-domain socket
 * @property {number} [port] 0 picks a free one
 * @property {string} [host] default 127.0.0.1
 * @property {string} [path]
 *
 * @typedef {object} AdminSource
 * @property {() => string | undefined} trouble why writes are not acknowledged
 * @property {() => import('./prometheus').Metric[]} metrics
 *
 * @typedef {{url: string, port: number, host: string} | {path: string}} AdminAddress
 */

class AdminServer {
  #source;
  #server;

  /** @param {AdminSource} source */
  constructor(source) {
    this.#source = source;
    this.#server = http().createServer((request, response) => this.#answer(request, response));
  }

  /** @param {AdminOptions} options @returns {Promise<AdminAddress>} */
  async open({ port = 0, host = kDefaultHost, path }) {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path === undefined ? { port, host } : { path }, () => resolve(undefined));
    });
    this.#server.unref();
    if (path !== undefined) return { path };
    const bound = /** @type {import('node:net').AddressInfo} */ (this.#server.address()).port;
    const name = host.includes(':') ? `[${host}]` : host;
    return { url: `http://${name}:${bound}`, port: bound, host };
  }

  /** @returns {Promise<void>} when the address is free */
  close() {
    return new Promise((resolve) => {
      this.#server.close(() => resolve(undefined));
      this.#server.closeAllConnections();
    });
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  #answer({ method, url }, response) {
    const answer = this.#route(/** @type {string} */ (url).split('?')[0]);
    const isRead = method === 'GET' || method === 'HEAD';
    const { status, type, body } = isRead
      ? answer
      : { status: 405, type: 'text/plain', body: 'Only GET.\n' };
    response.writeHead(status, { 'content-type': type, ...(isRead ? {} : { allow: 'GET, HEAD' }) });
    response.end(method === 'HEAD' ? undefined : body);
  }

  /** @param {string} path */
  #route(path) {
    if (path === '/metrics') {
      return { status: 200, type: kContentType, body: formatMetrics(this.#source.metrics()) };
    }
    if (path !== '/health') {
      return { status: 404, type: 'text/plain', body: 'There are /health and /metrics.\n' };
    }
    const trouble = this.#source.trouble();
    return trouble === undefined
      ? { status: 200, type: 'text/plain', body: 'ok\n' }
      : { status: 503, type: 'text/plain', body: `${trouble}\n` };
  }
}

module.exports = { AdminServer };
