'use strict';
// RpcCall: a method call or property read on its way to an object and back (spec S7).

const { takeArguments, copyResult, giveError, disposeAll } = require('../rpc/perform');
const { invoke, views } = require('../rpc/dispatch');
const { DurableObject } = require('../workers/durable-object');
const { answerTo, wasLostWith } = require('./answer');

const kNoRpc =
  'The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module "cloudflare:workers".';

/** What the base class has is not the object's own. */
const kView = { ...views.entrypoint, base: DurableObject.prototype };

const kErrorTurns = { thrown: 2, rejected: 1 };

class RpcCall {
  errorTurns = kErrorTurns;
  isTakenAtOnce = true;
  #path;
  #given;
  /** @type {any} the caller's copy of what it gave */
  #value;
  /** @type {(() => import('../rpc/pending-result').Pipeline) | undefined} what calls that depend on it go to when it leaves */
  #pipeline;
  #send;
  #isLost;
  /** Where it was delivered. @type {import('./instance').ActorInstance | undefined} */
  instance;
  /** The stub that a facet was reached by, when it was restored (S3.8.9). @type {object | undefined} */
  reachedAs;

  /**
   * @param {string[]} path
   * @param {{args: unknown[] | undefined, stubs: any[]}} given
   * @param {import('./instance').ActorInstance | undefined} owner
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  constructor(path, given, owner, result) {
    this.#path = path;
    this.#given = given;
    this.owner = owner;
    this.#send = answerTo(owner);
    this.#isLost = wasLostWith(owner);
    this.result = result;
  }

  /**
   * Throws what keeps it from being sent.
   * @param {string[]} path
   * @param {unknown[] | undefined} args
   * @param {import('./instance').ActorInstance | undefined} owner
   * @param {Record<string, boolean>} flags the caller's
   * @param {(call: RpcCall) => void} send
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  static start(path, args, owner, flags, send, result) {
    const given = takeArguments(args, owner ?? result.caller, flags);
    new RpcCall(path, given, owner, result).post(send);
  }

  /** Once what its caller wrote is durable. @param {(call: RpcCall) => void} send */
  post(send) {
    const { owner } = this;
    if (owner === undefined) send(this);
    else
      owner.whenDurable(
        () => send(this),
        (error) => this.reject(error),
      );
  }

  /** @param {import('./instance').ActorInstance} instance */
  deliver(instance) {
    this.instance = instance;
    if (this.#isLost()) {
      disposeAll(this.#given.stubs);
      instance.deliverEvent(() => {});
    } else instance.deliver(this);
  }

  /** @param {import('./instance').ActorInstance} instance */
  run(instance) {
    if (!instance.supportsRpc) throw new TypeError(kNoRpc);
    return invoke(instance.object, kView, this.#path, this.#given.args);
  }

  /** @param {unknown} result @returns {() => void} */
  resolve(result) {
    try {
      const { value, pipeline } = copyResult(result, this.instance, this.result);
      this.#value = value;
      this.#pipeline = pipeline;
    } catch (error) {
      return this.fail(error); // the object's mistake, so the error is remote
    }
    disposeAll(this.#given.stubs);
    return () => this.result.resolve(this.#value);
  }

  /** @param {unknown} error @returns {() => void} */
  fail(error) {
    const seen = giveError(error, this.instance, this.instance?.id.toString());
    disposeAll(this.#given.stubs);
    return () => this.result.reject(seen);
  }

  /** @param {() => void} handOver */
  answer(handOver) {
    const pipeline = this.#pipeline;
    this.#pipeline = undefined;
    if (pipeline !== undefined) this.result.serve(pipeline);
    this.#send(handOver);
  }

  /** @param {unknown} error */
  reject(error) {
    disposeAll(this.#given.stubs);
    this.#value?.[Symbol.dispose]?.();
    this.#send(() => this.result.reject(error));
  }
}

module.exports = { RpcCall };
