'use strict';
// RpcCall: a method call or property read on its way to an object and back (spec S7).

const { takeArguments, giveResult, giveError, disposeAll } = require('../rpc/perform');
const { invokeInstance } = require('../rpc/dispatch');
const { RpcTarget } = require('../rpc/rpc-target');
const { DurableObject } = require('../workers/durable-object');
const { answerTo } = require('./answer');

const kNoRpc =
  'The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module "cloudflare:workers".';

class RpcCall {
  #path;
  #given;
  #resolve;
  #reject;
  #answer;
  /** @type {import('./instance').ActorInstance | undefined} */
  #instance;

  /**
   * @param {string[]} path
   * @param {{args: unknown[] | undefined, stubs: any[]}} given
   * @param {import('./instance').ActorInstance | undefined} owner
   * @param {(value: any) => void} resolve
   * @param {(error: unknown) => void} reject
   */
  constructor(path, given, owner, resolve, reject) {
    this.#path = path;
    this.#given = given;
    this.#answer = answerTo(owner);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /**
   * S7.2.1: never throws; what cannot be sent rejects.
   * @param {string[]} path
   * @param {unknown[] | undefined} args
   * @param {import('./instance').ActorInstance | undefined} owner
   * @param {Record<string, boolean>} flags the caller's
   * @param {(call: RpcCall) => void} send
   * @returns {Promise<any>}
   */
  static start(path, args, owner, flags, send) {
    return new Promise((resolve, reject) => {
      const call = new RpcCall(path, takeArguments(args, owner, flags), owner, resolve, reject);
      if (owner === undefined) send(call);
      else owner.whenDurable(() => send(call), reject);
    });
  }

  /** @param {import('./instance').ActorInstance} instance */
  deliver(instance) {
    this.#instance = instance;
    instance.deliver(this);
  }

  /** @param {import('./instance').ActorInstance} instance */
  run(instance) {
    if (!instance.supportsRpc) throw new TypeError(kNoRpc);
    return invokeInstance(instance.object, DurableObject, RpcTarget, this.#path, this.#given.args);
  }

  /** @param {unknown} result */
  resolve(result) {
    let value;
    try {
      value = giveResult(result, this.#instance);
    } catch (error) {
      this.fail(error); // the object's mistake, so the error is remote
      return;
    }
    disposeAll(this.#given.stubs);
    this.#answer(() => this.#resolve(value));
  }

  /** @param {unknown} error */
  fail(error) {
    const seen = giveError(error, this.#instance, this.#instance?.id.toString());
    disposeAll(this.#given.stubs);
    this.#answer(() => this.#reject(seen));
  }

  /** @param {unknown} error */
  reject(error) {
    this.#answer(() => this.#reject(error));
  }
}

module.exports = { RpcCall };
