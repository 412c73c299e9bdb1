'use strict';
// ConnectCall: stub.connect() on its way to an object (spec S1.8.8).

const { LocalConnect } = require('../web/tcp/local-connect');
const { reportError } = require('../report-error');

const kErrorTurns = { thrown: 0, rejected: 0 };

class ConnectCall {
  errorTurns = kErrorTurns;
  isTakenAtOnce = true;
  #connection;
  /** Its end is no event of who called. */
  owner = undefined;
  /** See RpcCall. @type {object | undefined} */
  reachedAs;

  /** @param {LocalConnect} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /**
   * @param {ArrayLike<any>} given the arguments of connect()
   * @param {import('./instance').ActorInstance | undefined} owner the calling object
   * @param {(call: ConnectCall) => void} send
   * @returns {any} a Socket
   */
  static start(given, owner, send) {
    const { socket, connection } = LocalConnect.open(given);
    ConnectCall.send(connection, owner, send);
    return socket;
  }

  /**
   * @param {LocalConnect} connection
   * @param {import('./instance').ActorInstance | undefined} owner the calling object
   * @param {(call: ConnectCall) => void} send
   */
  static send(connection, owner, send) {
    const call = new ConnectCall(connection);
    if (owner === undefined) send(call);
    else
      owner.whenDurable(
        () => send(call),
        (error) => call.reject(error),
      );
  }

  /** @param {import('./instance').ActorInstance} instance */
  deliver(instance) {
    instance.deliver(this);
  }

  /** @param {import('./instance').ActorInstance} instance */
  run(instance) {
    return this.#connection.run(instance.object);
  }

  /** @returns {() => void} */
  resolve() {
    return () => this.#connection.end();
  }

  /** @param {unknown} error @returns {() => void} */
  fail(error) {
    return () => {
      if (!this.#connection.isAccepted) {
        this.#connection.refuse(error);
        return;
      }
      reportError(error);
      this.#connection.end();
    };
  }

  /** @param {() => void} handOver */
  answer(handOver) {
    handOver();
  }

  /** @param {unknown} error the object was reset, or never took it */
  reject(error) {
    this.#connection.refuse(error);
  }
}

module.exports = { ConnectCall };
