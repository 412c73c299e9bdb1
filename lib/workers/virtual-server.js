'use strict';
// VirtualServer: a server of node:http whose port is an entry of a map (`cloudflare:node`). What it does with a connection is Node's;
// connections come from serve-by-server.js.
//
// What its listener throws for a request is given to who asked for the answer, as on Workers, and does not end the process.

/**
 * @typedef {import('node:http').Server & {[kFailures]: WeakMap<object, (error: unknown) => void>}} VirtualServer
 */

const kPortsMax = 65_535;
/** By the socket of a request: whom to tell what its listener throws. */
const kFailures = Symbol('failures');

/**
 * @param {typeof import('node:http')} http Node's
 * @param {Map<number, VirtualServer>} listening by port
 * @returns {typeof import('node:http')} the same, with servers that listen there
 */
function httpWith(http, listening) {
  const Server = serverClass(http, listening);
  const own = {
    Server,
    createServer: (/** @type {any[]} */ ...args) => Reflect.construct(Server, args),
  };
  const module = Object.defineProperties({}, Object.getOwnPropertyDescriptors(http));
  return Object.assign(/** @type {any} */ (module), own);
}

/** @param {typeof import('node:http')} http @param {Map<number, VirtualServer>} listening */
function serverClass(http, listening) {
  class VirtualServer extends http.Server {
    #port = 0;
    [kFailures] = new WeakMap();

    /** @param {any} [options] @param {any} [listener] */
    constructor(options, listener) {
      const isListener = typeof options === 'function';
      // Requests that a Worker makes have no Host unless it says so.
      super(
        { requireHostHeader: false, ...(isListener ? {} : options) },
        isListener ? options : listener,
      );
    }

    /** A port alone, as on Workers; by default any. @param {any[]} args */
    listen(...args) {
      const [first] = args;
      const callback = args.at(-1);
      const wanted = typeof first === 'object' && first !== null ? first.port : first;
      const port = typeof wanted === 'function' ? 0 : toPort(wanted ?? 0);
      if (this.#port !== 0) throw alreadyListens();
      if (port !== 0 && listening.has(port)) throw portIsTaken(port);
      if (typeof callback === 'function') this.once('listening', callback);
      this.#port = port === 0 ? freePort(listening) : port;
      listening.set(this.#port, /** @type {any} */ (this));
      queueMicrotask(() => this.emit('listening'));
      return this;
    }

    /** @param {(error?: Error) => void} [callback] */
    close(callback) {
      listening.delete(this.#port);
      this.#port = 0;
      if (typeof callback === 'function') this.once('close', () => callback());
      return super.close();
    }

    // @ts-expect-error: a property in Node's types
    get listening() {
      return this.#port !== 0;
    }

    address() {
      return this.#port === 0 ? null : { port: this.#port, family: 'IPv4', address: '127.0.0.1' };
    }

    /** @param {any} name @param {any[]} args */
    emit(name, ...args) {
      const [message] = args;
      const fail = name === 'request' ? this[kFailures].get(message.socket) : undefined;
      if (!fail) return super.emit(name, ...args);
      const { socket } = message;
      message.cloudflare = socket.cloudflare;
      // Each connection has one request, and a body that is shorter than its Content-Length ends with it.
      args[1].once('finish', () => {
        socket.isAnswered = true;
        socket.emit('answered');
      });
      // What it is there until the listener says more.
      args[1].statusMessage = 'unknown';
      try {
        return super.emit(name, ...args);
      } catch (error) {
        fail(error);
        return true;
      }
    }
  }
  // Node's can be called without `new`.
  return new Proxy(VirtualServer, {
    apply: (target, _this, args) => Reflect.construct(target, args),
  });
}

function alreadyListens() {
  const error = new Error('Listen method has been called more than once without closing.');
  return Object.assign(error, { code: 'ERR_SERVER_ALREADY_LISTEN' });
}

/** @param {number} port */
function portIsTaken(port) {
  const [syscall, code, address] = ['bind', 'EADDRINUSE', '127.0.0.1'];
  const error = new Error(`${syscall} ${code} ${address}:${port}`);
  return Object.assign(error, { code, syscall, address, port });
}

/** @param {unknown} port @returns {number} */
function toPort(port) {
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  if (Number.isInteger(number) && Number(number) >= 0 && Number(number) <= kPortsMax)
    return Number(number);
  const error = new RangeError(
    `options.port should be >= 0 and < 65536. Received ${typeof port === 'number' ? port : `type ${typeof port}`}.`,
  );
  throw Object.assign(error, { code: 'ERR_SOCKET_BAD_PORT' });
}

/** @param {Map<number, unknown>} listening */
function freePort(listening) {
  for (let port = kPortsMax; port > 0; port -= 1) if (!listening.has(port)) return port;
  throw new Error('All ports are taken.');
}

module.exports = { httpWith, kFailures };
