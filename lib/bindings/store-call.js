'use strict';
// StoreCall: a call of a store's method on its way to the object and back.

const { answerTo } = require('../actors/answer');

const kErrorTurns = { thrown: 0, rejected: 0 };

class StoreCall {
  errorTurns = kErrorTurns;
  isTakenAtOnce = true;
  #method;
  #args;
  #resolve;
  #reject;

  /**
   * @param {string} method
   * @param {any[]} args
   * @param {import('../actors/instance').ActorInstance | undefined} owner whose code asks
   * @param {(value: any) => void} resolve
   * @param {(error: unknown) => void} reject
   */
  constructor(method, args, owner, resolve, reject) {
    this.#method = method;
    this.#args = args;
    this.owner = owner;
    this.answer = answerTo(owner);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** @param {import('../actors/instance').ActorInstance} instance */
  deliver(instance) {
    instance.deliver(this);
  }

  /** @param {import('../actors/instance').ActorInstance} instance */
  run(instance) {
    return instance.object[this.#method](...this.#args);
  }

  /** @param {any} value @returns {() => void} */
  resolve(value) {
    return () => this.#resolve(value);
  }

  /** @param {unknown} error @returns {() => void} */
  fail(error) {
    return () => this.#reject(error);
  }

  /** @param {unknown} error */
  reject(error) {
    this.answer(() => this.#reject(error));
  }
}

module.exports = { StoreCall };
