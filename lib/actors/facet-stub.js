'use strict';
// FacetStub: a parent's handle to a facet (spec S1.15.1): a Fetcher, so that `id` and `name` are RPC names like others.
//
// It finds its facet at its first call, starts it when it does not run, and stays with it: once that facet broke, the stub is
// broken for good.

const { kInvoke, kPass } = require('../rpc/invoke');
const { ServiceStub } = require('../rpc/service-stub-class');
const { kNotStorable } = require('../storage/refusals');
const { olderPrototype } = require('./older-stub');
const { ConnectCall } = require('./connect-call');
const { FetchCall } = require('./fetch-call');
const { RpcCall } = require('./rpc-call');

const kMake = Symbol('make');
const kNotSerializable = 'Stubs pointing to Durable Object facets are not serializable.';

class FacetStub {
  #parent;
  #name;
  #getStartupOptions;
  /** @type {import('./facet').Facet | undefined} */
  #facet;

  /**
   * @param {symbol} key
   * @param {import('./instance').ActorInstance} parent
   * @param {string} name
   * @param {() => any} getStartupOptions
   */
  constructor(key, parent, name, getStartupOptions) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#parent = parent;
    this.#name = name;
    this.#getStartupOptions = getStartupOptions;
  }

  get [Symbol.toStringTag]() {
    return 'Fetcher';
  }

  /** @param {any} _input @param {any} [_init] @returns {Promise<any>} */
  fetch(_input, _init) {
    const facet = this.#found();
    return FetchCall.start(arguments, this.#parent, (call) => facet.send(call));
  }

  /** S1.8.8 @param {any} _address @param {any} [_options] @returns {any} a Socket */
  connect(_address, _options) {
    const facet = this.#found();
    return ConnectCall.start(arguments, this.#parent, (call) => facet.send(call));
  }

  [Symbol.dispose]() {}

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('../rpc/pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    const facet = this.#found();
    const parent = this.#parent;
    RpcCall.start(path, args, parent, parent.flags, (call) => facet.send(call), result);
  }

  /** S1.15.4 @returns {never} */
  [kPass]() {
    throw new DOMException(kNotSerializable, 'DataCloneError');
  }

  /** @returns {import('./facet').Facet} */
  #found() {
    if (this.#facet === undefined) {
      this.#parent.checkLive();
      this.#facet = this.#parent.facets.start(this.#name, this.#getStartupOptions);
    }
    return this.#facet;
  }
}

Object.setPrototypeOf(FacetStub.prototype, ServiceStub.prototype);
Object.defineProperty(FacetStub.prototype.connect, 'length', { value: 0 }); // as in workerd
Object.defineProperty(FacetStub.prototype, kNotStorable, { value: kNotSerializable });

/**
 * @param {import('./instance').ActorInstance} parent
 * @param {string} name
 * @param {() => any} getStartupOptions
 * @returns {any}
 */
function makeFacetStub(parent, name, getStartupOptions) {
  const stub = new FacetStub(kMake, parent, name, getStartupOptions);
  const older = olderPrototype(FacetStub.prototype, parent.flags);
  return older === undefined ? stub : Object.setPrototypeOf(stub, older);
}

module.exports = { makeFacetStub };
