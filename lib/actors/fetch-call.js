'use strict';
// FetchCall: stub.fetch() on its way to an object and back (spec S1.8).

const {
  dropAnswer,
  dropBody,
  isResponse,
  redirectedRequest,
  requestForDelivery,
  responseForDelivery,
  responseForHost,
  abortRequest,
  tieWebSocket,
  watchCaller,
} = require('../web/internal');
const { giveError } = require('../rpc/perform');
const { wasLostWith } = require('./answer');
const { current } = require('../current');
const { liveInvocation } = require('../workers/until-end');
const { openPromise } = require('../open-work');

/** @typedef {InstanceType<import('../web/internal')['Request']>} WebRequest */
/** @typedef {import('./instance').ActorInstance} ActorInstance */

const kRedirectsMax = 20;
/** @type {string[]} */
const kNone = [];

const kErrorTurns = { thrown: 0, rejected: 2 };

class FetchCall {
  errorTurns = kErrorTurns;
  isTakenAtOnce = false;
  #request;
  #send;
  #isLost;
  #resolve;
  #reject;
  /** The caller's critical section. */
  #section;
  #visited;
  /** @type {(() => void) | undefined} */
  #unwatch;
  /** @type {ActorInstance | undefined} */
  #instance;
  /** See RpcCall. @type {object | undefined} */
  reachedAs;

  /**
   * @param {WebRequest} request
   * @param {ActorInstance | undefined} owner the calling object
   * @param {(call: FetchCall) => void} send
   * @param {(response: any) => void} resolve
   * @param {(error: unknown) => void} reject
   * @param {string[]} [visited] URLs that redirected, before this one
   */
  constructor(request, owner, send, resolve, reject, visited = kNone) {
    this.#request = request;
    this.owner = owner;
    this.#send = send;
    this.#isLost = wasLostWith(owner);
    this.#section = owner === undefined ? 0 : owner.currentSection;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#visited = visited;
  }

  /**
   * @param {ArrayLike<any>} args of fetch()
   * @param {ActorInstance | undefined} owner
   * @param {(call: FetchCall) => void} send
   * @returns {Promise<any>}
   */
  static start(args, owner, send) {
    return openPromise('fetch() of an object', (resolve, reject, drop) => {
      const isHost = owner === undefined && current.context === undefined;
      const invocation = liveInvocation();
      const give = (/** @type {any} */ answer) => {
        if (invocation?.isLive === false) {
          dropAnswer(answer);
          drop?.();
          return;
        }
        if (invocation !== undefined) tieWebSocket(answer, invocation);
        resolve(isHost ? responseForHost(answer) : answer);
      };
      const refuse = (/** @type {unknown} */ error) => {
        if (invocation?.isLive !== false) reject(error);
        else drop?.();
      };
      new FetchCall(requestForDelivery(args), owner, send, give, refuse).#post();
    });
  }

  // The call itself waits for what its caller wrote (S2.6.2).
  #post() {
    this.#unwatch = watchCaller(this.#request, (reason) => {
      this.answer(() => this.#reject(reason));
      this.#abandon();
    });
    if (this.owner === undefined) this.#send(this);
    else this.owner.whenDurable(() => this.#send(this), this.#reject);
  }

  /** At once for a Worker; for an object as an event of its own (lib/actors/answer.js). @param {() => void} handOver */
  answer(handOver) {
    if (this.owner === undefined) handOver();
    else this.owner.postTask(handOver, this.#section);
  }

  /** S1.8.7: the object learns that nobody waits for its answer. */
  #abandon() {
    const instance = this.#instance;
    if (instance === undefined) abortRequest(this.#request);
    else if (instance.flags.enable_request_signal)
      instance.postTask(() => abortRequest(this.#request), 0);
  }

  /** @param {import('./instance').ActorInstance} instance */
  deliver(instance) {
    this.#instance = instance;
    if (this.#isLost()) {
      this.#unwatch?.();
      dropBody(this.#request);
      instance.deliverEvent(() => {});
    } else instance.deliver(this);
  }

  /** @param {import('./instance').ActorInstance} instance */
  run(instance) {
    const fetch = instance.handler('fetch');
    if (fetch === undefined) throw new Error('Handler does not export a fetch() function.');
    return fetch.call(instance.object, this.#request);
  }

  /** @param {any} response @returns {() => void} */
  resolve(response) {
    if (!isResponse(response)) {
      return this.fail(
        new TypeError("Incorrect type for Promise: the Promise did not resolve to 'Response'."),
      );
    }
    let delivered;
    try {
      const redirected = this.#visited.length > 0;
      delivered = responseForDelivery(response, this.#request, redirected, this);
      if (delivered.webSocket && this.#instance)
        this.#instance.shard.sockets.claim(this.#instance, delivered.webSocket);
    } catch (error) {
      return this.fail(error);
    }
    return () => this.#settle(delivered);
  }

  // A BodyWriter: the object goes on writing the body of its answer.

  /** @param {(error: unknown) => void} sever */
  tie(sever) {
    return this.#instance?.tie(sever) ?? (() => {});
  }

  /** @template T @param {() => Promise<T>} run @returns {Promise<T>} */
  enter(run) {
    return this.#instance?.enter(run, 0) ?? run();
  }

  onCancel() {
    this.#abandon();
  }

  /** Gives the answer, or follows the redirect it is to the same object (S1.8.1). @param {any} response */
  #settle(response) {
    this.#unwatch?.();
    let next;
    try {
      next = redirectedRequest(this.#request, response);
    } catch (error) {
      this.#reject(error);
      return;
    }
    if (next === undefined) {
      this.#resolve(response);
      return;
    }
    dropBody(response);
    const visited = [...this.#visited, this.#request.url];
    if (visited.length > kRedirectsMax) {
      this.#reject(new TypeError(`Too many redirects.${visited.join(', ')}`));
      return;
    }
    const [owner, send, resolve, reject] = [this.owner, this.#send, this.#resolve, this.#reject];
    new FetchCall(next, owner, send, resolve, reject, visited).#post();
  }

  /** The handler threw (S1.9.1). @param {unknown} error @returns {() => void} */
  fail(error) {
    const seen = giveError(error, this.#instance);
    return () => {
      this.#unwatch?.();
      this.#reject(seen);
    };
  }

  /**
   * The object was reset, or never took it.
   * @param {any} error
   * @param {boolean} [wasSent] to the incarnation that ended: the error then counts as remote, as in workerd
   */
  reject(error, wasSent = false) {
    if (wasSent) error.remote = true;
    this.#unwatch?.();
    this.answer(() => this.#reject(error));
  }
}

module.exports = { FetchCall };
