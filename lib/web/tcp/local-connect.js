// connect() of a stub: a Socket whose peer is the connect() handler of an object or of a Worker of this process (S1.8.8).
//
// Happy path: open() gives the caller's Socket at once; when the event is delivered, accept() gives the handler's; when the handler is
// over, end(), and the connection closes. Ways it fails: there is no handler, or it never ran: refuse(); the caller's Socket then fails
// as one does whose address nobody answers.
// Thread: the shard's.
'use strict';

const { LocalEnd } = require('./local-connection.js');
const { checkAddress, checkOptions } = require('./socket-address.js');
const { reportError } = require('../../report-error');
const { makeSocket } = require('./tcp-socket.js');

const kOwner = 'Fetcher';
const kNoHandler =
  'Received a connect event but we lack a handler. Did you remember to export a connect() function?';
/** What the handler's side is: it was connected to, without TLS. */
const kAccepted = {
  secureTransport: /** @type {const} */ ('off'),
  allowHalfOpen: true,
  highWaterMark: undefined,
};

const clientGone = () =>
  Object.assign(new TypeError("Can't read from request stream because client disconnected."), {
    retryable: true,
  });

/** Sockets that are made now do so a microtask later. @param {() => void} run */
const whenSocketsListen = (run) => queueMicrotask(() => queueMicrotask(run));

/** One connection on its way to a handler. */
class LocalConnect {
  #address;
  #here;
  #there;
  #isAccepted = false;

  /** @param {import('./socket-address.js').TcpAddress} address */
  constructor(address) {
    this.#address = address;
    [this.#here, this.#there] = LocalEnd.pair(clientGone);
    // Nobody has to listen to an end that was refused before it had a Socket.
    this.#here.on('error', () => {});
    this.#there.on('error', () => {});
  }

  /**
   * @param {ArrayLike<any>} given the arguments of the call
   * @returns {{socket: import('./tcp-socket.js').Socket, connection: LocalConnect}}
   * @throws {TypeError} arguments that are refused
   */
  static open(given) {
    const address = checkAddress(given, kOwner);
    const options = checkOptions(given[1], kOwner);
    if (options.secureTransport === 'on')
      throw new Error('Incoming CONNECT with TLS not supported');
    const connection = new LocalConnect(address);
    const socket = makeSocket(address, options, Promise.resolve(connection.#here));
    return { socket, connection };
  }

  /** The handler has it. */
  get isAccepted() {
    return this.#isAccepted;
  }

  /**
   * Runs the handler. In its context.
   * @param {any} target what has it
   * @param {object} [env] of a handler that is no method of a class
   * @param {object} [ctx] likewise
   * @returns {any} what it returns
   */
  run(target, env, ctx) {
    const handler = target?.connect;
    if (typeof handler !== 'function') {
      console.warn(kNoHandler);
      this.#fail(new Error('Handler does not export a connect() function.'));
      return undefined;
    }
    this.#isAccepted = true;
    const opened = { remoteAddress: undefined, localAddress: this.#address.text };
    const socket = makeSocket(this.#address, kAccepted, Promise.resolve(this.#there), opened);
    whenSocketsListen(() => {
      this.#there.emit('connect');
      this.#here.emit('connect');
    });
    return handler.call(target, socket, env, ctx);
  }

  /** @param {Error} error */
  #fail(error) {
    whenSocketsListen(() => this.#here.destroy(error));
  }

  /** The handler is over: what it wrote still leaves. */
  end() {
    if (this.#isAccepted) this.#there.destroySoon();
  }

  /** It never ran, or was cut off. @param {unknown} error */
  refuse(error) {
    if (this.#isAccepted) {
      this.#there.destroy();
      return;
    }
    reportError(error);
    this.#fail(/** @type {Error} */ (error));
  }
}

module.exports = { LocalConnect };
