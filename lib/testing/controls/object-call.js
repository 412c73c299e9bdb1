'use strict';
// ObjectCall: a function of a test that runs once inside an object, as if it took the place of `fetch` (spec S10.2.1): gates apply,
// the constructor runs if it has to, what it gives or throws reaches the test as it is. A Response goes the way of every other.

const { FetchCall } = require('../../actors/fetch-call');
const { openPromise } = require('../../open-work');
const { isResponse, requestForDelivery, responseForHost } = require('../../web/internal');

class ObjectCall extends FetchCall {
  #callback;
  #give;
  #throw;

  /**
   * @param {(call: any) => void} send
   * @param {(instance: import('../../actors/instance').ActorInstance) => unknown} callback
   * @param {(value: any) => void} resolve
   * @param {(error: unknown) => void} reject
   */
  constructor(send, callback, resolve, reject) {
    const request = requestForDelivery(['http://x', { redirect: 'manual' }]);
    super(request, undefined, send, (response) => resolve(responseForHost(response)), reject);
    this.#callback = callback;
    this.#give = resolve;
    this.#throw = reject;
  }

  /**
   * @template T
   * @param {(call: ObjectCall) => void} send
   * @param {(instance: import('../../actors/instance').ActorInstance) => Promise<T> | T} callback
   * @returns {Promise<T>}
   */
  static make(send, callback) {
    return openPromise('a call of a test inside an object', (resolve, reject) =>
      send(new ObjectCall(send, callback, resolve, reject)),
    );
  }

  /** @param {import('../../actors/instance').ActorInstance} instance */
  run(instance) {
    return this.#callback(instance);
  }

  /** @param {any} value @returns {() => void} */
  resolve(value) {
    return isResponse(value) ? super.resolve(value) : () => this.#give(value);
  }

  /** @param {unknown} error @returns {() => void} */
  fail(error) {
    return () => this.#throw(error);
  }
}

module.exports = { ObjectCall };
