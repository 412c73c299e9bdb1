'use strict';
// NodeServers: `cloudflare:node` of one Worker (S9.3): servers of node:http that listen without a network, and the handlers that lead
// requests to them.
//
// A bundle that imports `cloudflare:node` gets `node:http` with a Server of this Worker (virtual-server.js): its ports are numbers in a
// map, as on Workers, and not the machine's. Arguments are checked, and refused with the texts of, workerd.

const { httpWith } = require('./virtual-server');
const { serveByServer } = require('./serve-by-server');

/** @typedef {import('./virtual-server').VirtualServer} VirtualServer */

class NodeServers {
  /** @type {Map<number, VirtualServer>} by port */
  #listening = new Map();

  constructor() {
    /** For the bundle. @param {typeof import('node:http')} http @returns {typeof import('node:http')} */
    this.httpModule = (http) => httpWith(http, this.#listening);
    this.handleAsNodeRequest = this.#handle.bind(this);
    this.httpServerHandler = this.#handlerOf.bind(this);
  }

  /** @param {any} to a port, or what has one @param {any} request @param {any} [env] @param {any} [ctx] @returns {Promise<Response>} */
  async #handle(to, request, env, ctx) {
    const port = checkPort(typeof to === 'number' ? to : to?.port);
    const server = this.#listening.get(port);
    if (!server) {
      throw Object.assign(
        new Error(
          `Http server with port ${port} not found. This is likely a bug with your code. ` +
            `You should check if server.listen() was called with the same port (${port})`,
        ),
        { code: 'ERR_INVALID_ARG_VALUE' },
      );
    }
    return serveByServer(server, port, request, { env, ctx });
  }

  /** @param {any} to a port, what has one, or a server, which listens from then on */
  #handlerOf(to) {
    if (to === undefined || to === null)
      throw new Error('Server descriptor cannot be null or undefined');
    const port = checkPort(typeof to === 'number' ? to : portOf(to));
    return {
      fetch: async (/** @type {any} */ request, /** @type {any} */ env, /** @type {any} */ ctx) =>
        this.#handle(port, request, env, ctx),
    };
  }
}

/** @param {any} to @returns {unknown} */
function portOf(to) {
  if (typeof to.port === 'number') return to.port;
  if ((to.port ?? undefined) !== undefined || typeof to.listen !== 'function') return undefined;
  if (typeof to.address()?.port !== 'number') to.listen();
  return to.address()?.port;
}

/** @param {unknown} port @returns {number} */
function checkPort(port) {
  if (typeof port === 'number' && port >= 0 && port <= 65535) return port;
  throw new Error('Failed to determine port for server');
}

module.exports = { NodeServers };
