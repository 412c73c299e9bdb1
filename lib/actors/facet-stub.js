'use strict';
// FacetStub: a parent's handle to a facet (spec S1.15.1): a Fetcher, so that `id` and `name` are RPC names like others.
//
// It finds its facet at its first call, starts it when it does not run, and stays with it: once that facet broke, the stub is
// broken for good. One that [restore]() gave is used by anyone (S3.8.9): its calls are those of the code that makes them, and tell the facet how
// it was reached.

const {
  kConnect,
  kDescribe,
  kHold,
  kInvoke,
  kIsGone,
  kLend,
  kPass,
  kRestore,
} = require('../rpc/invoke');
const { current } = require('../current');
const { ServiceStub } = require('../rpc/service-stub-class');
const { kNotStorable } = require('../storage/refusals');
const { olderPrototype } = require('./older-stub');
const { ConnectCall } = require('./connect-call');
const { FetchCall } = require('./fetch-call');
const { RestoreCall } = require('./restore-call');
const { RpcCall } = require('./rpc-call');

const kMake = Symbol('make');
const kNotSerializable = 'Stubs pointing to Durable Object facets are not serializable.';

class FacetStub {
  #parent;
  #name;
  #getStartupOptions;
  #reachedAs;
  /** @type {import('./facet').Facet | undefined} */
  #facet;

  /**
   * @param {symbol} key
   * @param {import('./instance').ActorInstance} parent
   * @param {string} name
   * @param {() => any} getStartupOptions
   * @param {object} [reachedAs] the restored stub that this one is behind
   */
  constructor(key, parent, name, getStartupOptions, reachedAs) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#parent = parent;
    this.#name = name;
    this.#getStartupOptions = getStartupOptions;
    this.#reachedAs = reachedAs;
  }

  /** Its parent was evicted: another has to be asked for. */
  get [kIsGone]() {
    return !this.#parent.isLive && !this.#parent.isBroken;
  }

  get [Symbol.toStringTag]() {
    return 'Fetcher';
  }

  /** @param {any} _input @param {any} [_init] @returns {Promise<any>} */
  fetch(_input, _init) {
    return FetchCall.start(arguments, this.#callerIn(current.context), this.#sender());
  }

  /** S1.8.8 @param {any} _address @param {any} [_options] @returns {any} a Socket */
  connect(_address, _options) {
    return ConnectCall.start(arguments, this.#callerIn(current.context), this.#sender());
  }

  /** @param {import('../web/tcp/local-connect').LocalConnect} connection */
  [kConnect](connection) {
    ConnectCall.send(connection, this.#callerIn(current.context), this.#sender());
  }

  [Symbol.dispose]() {}

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('../rpc/pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    const caller = this.#callerIn(result.caller);
    const flags = result.caller?.flags ?? this.#parent.flags;
    RpcCall.start(path, args, caller, flags, this.#sender(), result);
  }

  /** @param {object} params @param {import('../stored-stubs/call-restore').Kind} gives @param {import('../rpc/pending-result').PendingResult} result */
  [kRestore](params, gives, result) {
    const caller = this.#callerIn(result.caller);
    new RestoreCall(params, gives, caller, result).post(this.#sender());
  }

  /** S1.15.4 @returns {never} */
  [kPass]() {
    throw new DOMException(kNotSerializable, 'DataCloneError');
  }

  /** @returns {never} */
  [kDescribe]() {
    throw new DOMException(kNotSerializable, 'DataCloneError');
  }

  [kHold]() {
    this.#found();
    return hold(this.#parent);
  }

  /** S3.8.9: from now on it starts, as in workerd. @param {object} asRestored */
  [kLend](asRestored) {
    const facet = this.#found();
    const lent = new FacetStub(
      kMake,
      this.#parent,
      this.#name,
      this.#getStartupOptions,
      asRestored,
    );
    lent.#facet = facet;
    return Object.setPrototypeOf(lent, Object.getPrototypeOf(this));
  }

  /** @param {import('../current').Context | undefined} context @returns {import('./instance').ActorInstance | undefined} */
  #callerIn(context) {
    if (this.#reachedAs === undefined) return this.#parent;
    return context?.isObject ? context : undefined;
  }

  /** @returns {(call: import('./channel').Call & {reachedAs?: object}) => void} */
  #sender() {
    const facet = this.#found();
    if (this.#reachedAs === undefined) return (call) => facet.send(call);
    return (call) => {
      call.reachedAs = this.#reachedAs;
      holdUntilDelivered(this.#parent, call);
      facet.send(call);
    };
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

/** @param {import('./instance').ActorInstance} instance it is not evicted until the function is called, once or more often */
function hold(instance) {
  instance.hold();
  let isHeld = true;
  return () => {
    if (isHeld) instance.release();
    isHeld = false;
  };
}

/**
 * Nothing of the parent need be under way: it stays until the facet has an instance, which keeps it.
 * @param {import('./instance').ActorInstance} parent
 * @param {import('./channel').Call} call
 */
function holdUntilDelivered(parent, call) {
  const release = hold(parent);
  for (const name of /** @type {const} */ (['deliver', 'reject'])) {
    const method = /** @type {any} */ (call)[name];
    /** @type {any} */ (call)[name] = (/** @type {any[]} */ ...args) => {
      release();
      return method.apply(call, args);
    };
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
