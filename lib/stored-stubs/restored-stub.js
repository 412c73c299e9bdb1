'use strict';
// RestoredStub: a ServiceStub that ctx.restore() gave, or that was loaded or sent as such (spec S3.8.9): in front of the stub that
// [restore]() gives, which it has from the beginning or asks for at its first call.
//
// One that is sent over RPC is described to the other side, which asks anew when it is used. Calls wait for the answer in their order; a
// failure is kept. A facet whose parent was evicted meanwhile is asked for again.

const { kConnect, kDescribe, kInvoke, kIsGone, kLend, kPass, kRestore } = require('../rpc/invoke');
const { ServiceStub } = require('../rpc/service-stub-class');
const { disposeAll, takeArguments } = require('../rpc/perform');
const { current } = require('../current');
const { checkStub, kChannel, stubError } = require('../rpc/ownership');
const { kNotStorable } = require('../storage/refusals');
const { LocalConnect } = require('../web/tcp/local-connect');
const { tags } = require('./tags');

class RestoredStub {
  #restored;
  /** @type {any} what [restore]() gave */
  #inner;
  /** @type {Promise<any> | undefined} Lent; once it was asked for */
  #asked;

  /** @param {import('./restored').Restored} restored @param {any} [given] what [restore]() gave just now */
  constructor(restored, given) {
    this.#restored = restored;
    if (given !== undefined) this.#inner = this.#lend(given);
  }

  /** @param {any} _input @param {any} [_init] @returns {Promise<any>} */
  fetch(_input, _init) {
    const args = arguments;
    const refused = stubError(this, current.context, kChannel);
    if (refused !== undefined) return Promise.reject(refused);
    const inner = this.#known();
    if (inner !== undefined) return inner.fetch(...args);
    return this.#ask((asked) => asked.fetch(...args));
  }

  /** S1.8.8 @param {any} _address @param {any} [_options] @returns {any} a Socket */
  connect(_address, _options) {
    checkStub(this, current.context, kChannel);
    const { socket, connection } = LocalConnect.open(arguments);
    this[kConnect](connection);
    return socket;
  }

  /** @param {LocalConnect} connection */
  [kConnect](connection) {
    const inner = this.#known();
    if (inner !== undefined) inner[kConnect](connection);
    else
      this.#ask((asked) => asked[kConnect](connection)).catch((error) => connection.refuse(error));
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('../rpc/pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    checkStub(this, result.caller, kChannel);
    const inner = this.#known();
    if (inner !== undefined) {
      inner[kInvoke](path, args, result);
      return;
    }
    const given = takeArguments(args, result.caller); // they are what they were at the call
    this.#defer(
      result,
      (asked) => asked[kInvoke](path, given.args, result),
      () => disposeAll(given.stubs),
    );
  }

  /** @param {object} params @param {import('./call-restore').Kind} gives @param {import('../rpc/pending-result').PendingResult} result */
  [kRestore](params, gives, result) {
    const inner = this.#known();
    if (inner !== undefined) inner[kRestore](params, gives, result);
    else this.#defer(result, (asked) => asked[kRestore](params, gives, result));
  }

  [kPass]() {
    checkStub(this, current.context, kChannel);
    return new RestoredStub(this.#restored.passed());
  }

  /** A chain goes by the last of its restores. */
  [kLend]() {
    return this;
  }

  [kDescribe]() {
    checkStub(this, current.context, kChannel);
    return this.#restored.describe(tags.serviceStub);
  }

  /** @param {any} stub that [restore]() gave @returns {any} told how it was reached, by a stub that is nobody's */
  #lend(stub) {
    return stub[kLend](new RestoredStub(this.#restored));
  }

  #known() {
    if (this.#inner?.[kIsGone] === true) {
      this.#inner = undefined;
      this.#asked = undefined;
    }
    return this.#inner;
  }

  /**
   * Asks for the stub, once for all calls that wait for it.
   * @template T
   * @param {(asked: any) => T} call with it
   * @returns {Promise<T>} what that gives; rejects with why the stub cannot be had, or with what the call throws
   */
  async #ask(call) {
    this.#asked ??= this.#restored.replay('service');
    const lent = await this.#asked;
    this.#inner ??= this.#lend(lent.stub);
    const result = call(this.#inner);
    lent.used();
    return result;
  }

  /**
   * @param {import('../rpc/pending-result').PendingResult} result
   * @param {(asked: any) => void} call throws what keeps it from being sent
   * @param {() => void} [done] it was sent, or never will be
   */
  #defer(result, call, done) {
    const { caller } = result;
    if (caller?.isObject) result.section = caller.currentSection; // it is sent when that may be another
    this.#ask(call)
      .catch((error) => result.reject(error))
      .finally(done);
  }
}

Object.setPrototypeOf(RestoredStub.prototype, ServiceStub.prototype);
Object.defineProperty(RestoredStub.prototype, 'constructor', { value: ServiceStub });
Object.defineProperty(RestoredStub.prototype.connect, 'length', { value: 0 }); // as in workerd
Object.defineProperty(RestoredStub.prototype, kNotStorable, {
  value: 'ServiceStub cannot be serialized in this context.',
});

module.exports = { RestoredStub };
