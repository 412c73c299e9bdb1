'use strict';
// DurableObjectStub (spec S1.6): a caller's handle to an object: fetch(), and every other name as RPC.
//
// A stub finds the object's incarnation at its first call and stays with it; when that incarnation broke, the stub is broken
// for good (S1.9.4); when it was merely evicted, the next call finds the next one.

const { kConnect, kDescribe, kInvoke, kLend, kPass, kRestore } = require('../rpc/invoke');
const { checkContext, checkStub, contextError, kChannel, stubError } = require('../rpc/ownership');
const { current } = require('../current');
const { ServiceStub } = require('../rpc/service-stub-class');
const { kNotStorable } = require('../storage/refusals');
const { olderPrototype } = require('./older-stub');
const { ConnectCall } = require('./connect-call');
const { FetchCall } = require('./fetch-call');
const { nameOf } = require('./id');
const { RestoreCall } = require('./restore-call');
const { RpcCall } = require('./rpc-call');
const { checkStillAllowed } = require('../stored-stubs/still-allowed');
const { tags } = require('../stored-stubs/tags');

class DurableObject {
  #entry;
  #id;
  #owner;
  #isPersistent;
  /** Whose code made it (S2.10.2). */
  #context = current.context;
  /** @type {import('./channel').Channel | undefined} */
  #channel;

  /**
   * @param {symbol} key
   * @param {import('./namespace-entry').NamespaceEntry} entry
   * @param {import('./id').DurableObjectId} id
   * @param {string | undefined} name
   * @param {import('./instance').ActorInstance | undefined} owner
   * @param {boolean} isPersistent it may be stored (S3.8.9)
   */
  constructor(key, entry, id, name, owner, isPersistent) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#entry = entry;
    this.#id = id;
    this.#owner = owner;
    this.#isPersistent = isPersistent;
    // Own, enumerable, in this order (S1.6.2).
    Object.defineProperty(this, 'name', { value: name, enumerable: true });
    Object.defineProperty(this, 'id', { value: id, enumerable: true });
  }

  get [Symbol.toStringTag]() {
    return 'DurableObject';
  }

  /**
   * S1.8
   * @param {string | URL | Request} _input
   * @param {RequestInit} [_init]
   * @returns {Promise<Response>}
   */
  fetch(_input, _init) {
    const refused = contextError(this.#context, current.context, kType);
    if (refused !== undefined) return Promise.reject(refused);
    return FetchCall.start(arguments, this.#owner, (call) => this.#send(call));
  }

  /** S1.8.8 @param {any} _address @param {any} [_options] @returns {any} a Socket */
  connect(_address, _options) {
    checkContext(this.#context, current.context, kType);
    return ConnectCall.start(arguments, this.#owner, (call) => this.#send(call));
  }

  /** @param {import('../web/tcp/local-connect').LocalConnect} connection */
  [kConnect](connection) {
    ConnectCall.send(connection, this.#owner, (call) => this.#send(call));
  }

  /**
   * @param {string[]} path
   * @param {unknown[] | undefined} args
   * @param {import('../rpc/pending-result').PendingResult} result
   */
  [kInvoke](path, args, result) {
    checkContext(this.#context, result.caller, kType);
    const send = (/** @type {import('./channel').Call} */ call) => this.#send(call);
    RpcCall.start(path, args, this.#owner, this.#entry.flags, send, result);
  }

  /** S3.8.9 @param {object} params @param {import('../stored-stubs/call-restore').Kind} gives @param {import('../rpc/pending-result').PendingResult} result */
  [kRestore](params, gives, result) {
    new RestoreCall(params, gives, this.#owner, result).post((call) => this.#send(call));
  }

  /** S7.5.3 */
  [kPass]() {
    checkContext(this.#context, current.context, kType);
    return this[kLend]();
  }

  [kLend]() {
    return makePassedStub(this.#entry, this.#id, this.#isPersistent);
  }

  /** S3.8.9 @returns {import('../rpc/invoke').Description} */
  [kDescribe]() {
    checkContext(this.#context, current.context, kType);
    const fields = ['object', this.#entry.uniqueKey, this.#id.toString(), nameOf(this.#id)];
    return { tag: tags.serviceStub, fields, isPersistent: this.#isPersistent };
  }

  /**
   * For lib/testing: whose a stub is, and how its calls go.
   * @param {any} value
   * @returns {{entry: import('./namespace-entry').NamespaceEntry, id: import('./id').DurableObjectId, send(call: import('./channel').Call): void} | undefined}
   *   undefined: it is no stub
   */
  static partsOf(value) {
    if (typeof value !== 'object' || value === null || !(#entry in value)) return undefined;
    return {
      entry: value.#entry,
      id: value.#id,
      send: (call) => value.#send(call),
    };
  }

  /** @param {import('./channel').Call} call */
  #send(call) {
    try {
      checkStillAllowed(this.#isPersistent, this.#entry.flags);
    } catch (error) {
      call.reject(error);
      return;
    }
    if (this.#channel === undefined || this.#channel.isStale) {
      this.#channel = this.#entry.shard.actors.channelTo(this.#entry, this.#id);
    }
    if (!this.#channel.send(call)) {
      this.#channel = this.#entry.shard.actors.channelTo(this.#entry, this.#id);
      this.#channel.send(call);
    }
  }
}

const kMake = Symbol('make');
/** As workerd names what is inside a stub. */
const kType = 'OutgoingFactory';

/** A stub that came over RPC: it shows neither id nor name, and its calls are those of the code that makes them. */
class PassedStub {
  #make;
  /** @type {import('./instance').ActorInstance | undefined} */
  #owner;
  /** @type {DurableObject | undefined} */
  #stub;

  /** @param {(owner: import('./instance').ActorInstance | undefined) => DurableObject} make */
  constructor(make) {
    this.#make = make;
  }

  /** @param {string | URL | Request} input @param {RequestInit} [init] @returns {Promise<Response>} */
  fetch(input, init) {
    const refused = stubError(this, current.context, kChannel);
    if (refused !== undefined) return Promise.reject(refused);
    return this.#stubOf(current.instance).fetch(input, init);
  }

  /** @param {Parameters<DurableObject['connect']>} given @returns {any} a Socket */
  connect(...given) {
    checkStub(this, current.context, kChannel);
    return this.#stubOf(current.instance).connect(...given);
  }

  /** @param {string[]} path @param {unknown[] | undefined} args @param {import('../rpc/pending-result').PendingResult} result */
  [kInvoke](path, args, result) {
    const { caller } = result;
    checkStub(this, caller, kChannel);
    this.#stubOf(caller?.isObject ? caller : undefined)[kInvoke](path, args, result);
  }

  /** @param {import('../web/tcp/local-connect').LocalConnect} connection */
  [kConnect](connection) {
    this.#stubOf(current.instance)[kConnect](connection);
  }

  /** @param {object} params @param {import('../stored-stubs/call-restore').Kind} gives @param {import('../rpc/pending-result').PendingResult} result */
  [kRestore](params, gives, result) {
    const { caller } = result;
    this.#stubOf(caller?.isObject ? caller : undefined)[kRestore](params, gives, result);
  }

  [kPass]() {
    checkStub(this, current.context, kChannel);
    return this[kLend]();
  }

  [kLend]() {
    return new PassedStub(this.#make);
  }

  [kDescribe]() {
    checkStub(this, current.context, kChannel);
    return this.#make(undefined)[kDescribe]();
  }

  /** @param {import('./instance').ActorInstance | undefined} owner */
  #stubOf(owner) {
    if (this.#stub === undefined || this.#owner !== owner) {
      this.#owner = owner;
      this.#stub = this.#make(owner);
    }
    return this.#stub;
  }
}

Object.setPrototypeOf(PassedStub.prototype, ServiceStub.prototype);
Object.defineProperty(PassedStub.prototype, 'constructor', { value: ServiceStub });
Object.defineProperty(PassedStub.prototype, kNotStorable, {
  value: 'ServiceStub cannot be serialized in this context.',
});

// `stub.constructor` is callable, and refuses (S7.1.11).
const illegal = function DurableObject() {
  throw new TypeError('Illegal constructor');
};
illegal.prototype = DurableObject.prototype;
Object.defineProperty(DurableObject.prototype, 'constructor', { value: illegal });

Object.setPrototypeOf(DurableObject.prototype, ServiceStub.prototype);
Object.defineProperty(DurableObject.prototype.connect, 'length', { value: 0 }); // as in workerd
Object.defineProperty(DurableObject.prototype, kNotStorable, {
  value: 'ServiceStub cannot be serialized in this context.',
});

/**
 * @param {import('./namespace-entry').NamespaceEntry} entry
 * @param {import('./id').DurableObjectId} id
 * @param {string | undefined} name
 * @param {import('./instance').ActorInstance | undefined} owner
 * @param {boolean} [isPersistent] it may be stored (S3.8.9)
 */
function makeStub(entry, id, name, owner, isPersistent = false) {
  const stub = new DurableObject(kMake, entry, id, name, owner, isPersistent);
  const older = olderPrototype(DurableObject.prototype, entry.flags);
  return older === undefined ? stub : Object.setPrototypeOf(stub, older);
}

/**
 * As one that came over RPC.
 * @param {import('./namespace-entry').NamespaceEntry} entry
 * @param {import('./id').DurableObjectId} id
 * @param {boolean} isPersistent
 */
const makePassedStub = (entry, id, isPersistent) =>
  new PassedStub((owner) => new DurableObject(kMake, entry, id, undefined, owner, isPersistent));

module.exports = { DurableObjectStub: DurableObject, makePassedStub, makeStub };
