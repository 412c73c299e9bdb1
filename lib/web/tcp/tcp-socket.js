// Socket: a TCP or TLS connection as a pair of streams: what connect() of `cloudflare:sockets` gives (S9.3).
//
// Happy path: it is there at once; `opened` resolves when the connection stands, reads and writes wait for it. When the peer ends its side
// the readable ends, and unless allowHalfOpen the rest is written and the connection closed; then `closed` resolves.
// Ways it fails: a connection that cannot be made, or TLS that the peer does not prove, rejects `opened` and `closed` and errors the
// writable. An object that is reset takes its connections along.
'use strict';

const net = require('node:net');
const { latePackage } = require('../../late-package');
const { defineInterface } = require('../interface.js');
const { settings } = require('../settings.js');
const { LocalEnd } = require('./local-connection.js');
const { checkAddress, checkOptions } = require('./socket-address.js');
const { stubAt } = require('./virtual-hosts.js');
const { ReadableSide, WritableSide } = require('./tcp-streams.js');

/** @type {() => typeof import('node:tls')} */
const tls = latePackage('node:tls');

/** @typedef {import('node:net').Socket} NodeSocket */
/** @typedef {{remoteAddress: string | undefined, localAddress: string | undefined}} SocketInfo */

const kMake = Symbol('make');
const kOwner = 'SocketsModule';
const CANNOT_CONNECT = 'proxy request failed, cannot connect to the specified address';
const HTTP_HINT =
  '. It looks like you might be trying to connect to a HTTP-based service — consider using fetch instead';
const NEEDS_STARTTLS =
  "The `secureTransport` socket option must be set to 'starttls' for startTls to be used.";
const STARTED_ALREADY =
  'startTls has already been called on this socket, or the socket was transferred over RPC.';

/** @returns {{promise: Promise<any>, resolve(value?: unknown): void, reject(error: unknown): void}} nobody has to look at it */
function quiet() {
  /** @type {any} */
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  unwatched(deferred.promise);
  return deferred;
}

/** Its rejection is nobody's fault who does not look. @template T @param {Promise<T>} promise */
function unwatched(promise) {
  promise.catch(() => {});
  return promise;
}

class Socket {
  #address;
  #info;
  #options;
  #opened = quiet();
  #closed = quiet();
  /** Resolves with the connection when it stands. */
  #connected = quiet();
  #readable;
  #writable;
  #isReady = false;
  #isUpgraded = false;
  #isClosing = false;
  /** @type {NodeSocket | undefined} */
  #node;
  /** It keeps the object that made it alive, and goes with it, or with the invocation. */
  #end = {
    isOver: false,
    peer: null,
    /** @type {(() => void) | undefined} */
    onOver: undefined,
    cut: () => this.#cut(),
  };
  #deliver;

  /**
   * @param {symbol} key
   * @param {import('./socket-address.js').TcpAddress} address
   * @param {import('./socket-address.js').TcpOptions} options
   * @param {Promise<NodeSocket>} node a connection under way
   * @param {SocketInfo} info what `opened` gives
   */
  constructor(key, address, options, node, info) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#address = address;
    this.#info = info;
    this.#options = options;
    this.#deliver = settings.deliverHere(/** @type {any} */ (this.#end), false);
    this.#readable = new ReadableSide(() => this.#onPeerEnd());
    this.#writable = new WritableSide(this.#connected.promise, options.highWaterMark);
    node.then(
      (socket) => this.#attach(socket),
      (error) => this.#onError(error),
    );
  }

  get readable() {
    return this.#readable.stream;
  }

  get writable() {
    return this.#writable.stream;
  }

  /** @returns {Promise<SocketInfo>} */
  get opened() {
    return unwatched(settings.behindGate(this.#opened.promise));
  }

  /** @returns {Promise<void>} */
  get closed() {
    return unwatched(settings.behindGate(this.#closed.promise));
  }

  /** Whether startTls() made another Socket of it. */
  get upgraded() {
    return this.#isUpgraded;
  }

  get secureTransport() {
    return this.#options.secureTransport;
  }

  /** @returns {Promise<void>} settles when what was written has left and the connection is closed */
  async close() {
    if (!this.#isClosing) {
      this.#isClosing = true;
      const socket = await this.#connected.promise;
      await this.#writable.flushed();
      this.#readable.end();
      socket.resume();
      socket.destroySoon();
    }
    await this.#closed.promise;
  }

  /** @param {{expectedServerHostname?: string}} [options] @returns {Socket} the connection from here on; this one is closed */
  startTls(options) {
    if (this.secureTransport === 'on') throw new TypeError('Cannot startTls on a TLS socket.');
    if (this.#end.isOver && !this.#isUpgraded)
      throw new TypeError('The connection was closed before startTls could be started.');
    if (this.secureTransport !== 'starttls') throw new TypeError(NEEDS_STARTTLS);
    if (this.#isUpgraded) throw new TypeError(STARTED_ALREADY);
    if (this.#node instanceof LocalEnd)
      throw new Error('startTls() of a connection to a Worker or an object is not supported.');
    this.#isUpgraded = true;
    const hostname = options?.expectedServerHostname ?? this.#address.hostname;
    const secure = this.#release().then((socket) => tls().connect({ socket, ...nameOf(hostname) }));
    return makeSocket(this.#address, { ...this.#options, secureTransport: 'on' }, secure);
  }

  /** Gives the connection away, once what was written has left. @returns {Promise<NodeSocket>} */
  async #release() {
    const socket = await this.#connected.promise;
    await this.#writable.flushed();
    socket.off('error', this.#onError).off('close', this.#onClose);
    this.#readable.detach();
    this.#writable.fail(new TypeError('This WritableStream has been detached.'));
    this.#closed.resolve();
    this.#finish();
    return socket;
  }

  /** @param {NodeSocket} socket */
  #attach(socket) {
    this.#node = socket;
    if (this.#end.isOver) {
      socket.destroy();
      return;
    }
    const ready = socket instanceof tls().TLSSocket ? 'secureConnect' : 'connect';
    socket.once(ready, this.#onReady).once('error', this.#onError).once('close', this.#onClose);
  }

  #onReady = () => {
    const socket = /** @type {NodeSocket} */ (this.#node);
    this.#isReady = true;
    this.#readable.attach(socket);
    this.#connected.resolve(socket);
    this.#opened.resolve(this.#info);
  };

  #onError = (/** @type {unknown} */ cause) => {
    const { port } = this.#address;
    const hint = port === 80 || port === 443 ? HTTP_HINT : '';
    const message = this.#isReady ? 'Network connection lost.' : CANNOT_CONNECT + hint;
    const isLocal = this.#node instanceof LocalEnd;
    const isTold = this.#isReady && isLocal;
    const error = isTold
      ? /** @type {Error} */ (cause)
      : new Error(message, isLocal ? {} : { cause });
    if (isTold) this.#readable.fail(error);
    this.#closed.reject(error);
    this.#lose(error);
  };

  #onClose = () => {
    this.#closed.resolve();
    this.#lose(new Error('Network connection lost.'));
  };

  #cut() {
    this.#node?.destroy();
    this.#lose(new Error('Network connection lost.'));
  }

  /** @param {Error} error */
  #lose(error) {
    this.#opened.reject(error);
    this.#connected.reject(error);
    this.#readable.end();
    this.#writable.fail(error);
    this.#finish();
  }

  /** Without half-open the write side goes with the read side, once everything is written. */
  #onPeerEnd() {
    if (this.#options.allowHalfOpen || this.#isClosing) return;
    this.#writable.finish();
    this.#writable.flushed().then(() => {
      if (this.#node instanceof LocalEnd) this.#node.end();
      else this.#node?.destroySoon();
    });
  }

  #finish() {
    if (this.#end.isOver) return;
    this.#end.isOver = true;
    this.#end.onOver?.();
    this.#deliver?.(() => {});
  }
}

defineInterface(Socket);

/** Names are checked against the certificate; addresses are no names in TLS. @param {string} hostname */
const nameOf = (hostname) => (net.isIP(hostname) ? { host: hostname } : { servername: hostname });

/**
 * @param {import('./socket-address.js').TcpAddress} address
 * @param {import('./socket-address.js').TcpOptions} options
 * @param {Promise<any>} node a connection under way
 * @param {SocketInfo} [info] what `opened` gives
 */
const makeSocket = (
  address,
  options,
  node,
  info = { remoteAddress: address.text, localAddress: undefined },
) => new Socket(kMake, address, options, node, info);

/**
 * @param {any} address `host:port`, or `{ hostname, port }`
 * @param {any} [options] `secureTransport`: `off`, `on` or `starttls`; `allowHalfOpen`; `highWaterMark`
 * @returns {Socket}
 */
function connect(address, options) {
  const target = checkAddress(arguments, kOwner);
  const checked = checkOptions(options, kOwner);
  const stub = stubAt(target);
  if (stub !== undefined) return stub.connect(target.text);
  const { hostname: host, port } = target;
  const held = settings.holdOutput() ?? Promise.resolve();
  const to = { host, port, allowHalfOpen: true };
  const node = held.then(() =>
    checked.secureTransport === 'on'
      ? tls().connect(/** @type {any} */ ({ ...to, ...nameOf(host) }))
      : net.connect(to),
  );
  return makeSocket(target, checked, node);
}

module.exports = { Socket, connect, makeSocket };
