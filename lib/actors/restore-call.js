'use strict';
// RestoreCall: a call of an object's [restore]() method on its way and back, made for a stub that was stored (spec S3.8.9).

const { giveError } = require('../rpc/perform');
const { propsFor } = require('../rpc/transfer');
const { restoreAgain } = require('../stored-stubs/call-restore');
const { checkStillAllowed } = require('../stored-stubs/still-allowed');
const { RpcCall } = require('./rpc-call');

/** @type {import('../rpc/perform').Given} */
const kNothing = { args: undefined, stubs: [] };

class RestoreCall extends RpcCall {
  #params;
  #gives;

  /**
   * @param {object} params
   * @param {import('../stored-stubs/call-restore').Kind} gives
   * @param {import('./instance').ActorInstance | undefined} owner the calling object
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  constructor(params, gives, owner, result) {
    super([], kNothing, owner, result);
    this.#params = params;
    this.#gives = gives;
  }

  /** @param {import('./instance').ActorInstance} instance */
  run(instance) {
    checkStillAllowed(true, instance.flags);
    return restoreAgain(instance.object, propsFor(this.#params, instance), this.#gives);
  }

  /** It is no method that callers know, so the error does not name the object. @param {unknown} error @returns {() => void} */
  fail(error) {
    const seen = giveError(error, this.instance);
    return () => this.result.reject(seen);
  }
}

module.exports = { RestoreCall };
