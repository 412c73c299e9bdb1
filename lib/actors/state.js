'use strict';
// DurableObjectState: ctx (spec S1.11).

const { DurableObjectStorage, restoreSnapshot } = require('../storage/durable-object-storage');
const { DurableObjectFacets } = require('./facets');
const { current } = require('../current');
const { restore } = require('../stored-stubs/restore');
const { kNotStorable } = require('../storage/refusals');
const { kState } = require('../workers/durable-object');

/**
 * @type {{
 *   holderOf(receiver: any): DurableObjectState,
 *   id(state: DurableObjectState): unknown,
 *   storage(state: DurableObjectState): DurableObjectStorage,
 *   props(state: DurableObjectState): object,
 *   exports(state: DurableObjectState): object,
 *   facets(state: DurableObjectState): DurableObjectFacets,
 *   instance(state: DurableObjectState): import('./instance').ActorInstance,
 * }}
 */
const access = /** @type {any} */ ({});

class DurableObjectState {
  /** @type {import('./instance').ActorInstance} */
  #instance;
  /** @type {DurableObjectStorage | undefined} */
  #storage;
  /** @type {object | undefined} */
  #props;
  /** @type {object | undefined} */
  #exports;
  /** @type {DurableObjectFacets | undefined} */
  #facets;

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
    const { flags } = instance.namespace;
    Object.defineProperties(this, flags.enable_ctx_exports ? kSlots : kSlotsWithoutExports);
    const { containers } = instance.namespace.worker;
    if (containers.size > 0) this.container = containers.get(instance.namespace.className);
  }

  /** @param {import('./instance').ActorInstance} instance @returns {DurableObjectState} with what the flags of its Worker open */
  static make(instance) {
    const Class = instance.flags.allow_irrevocable_stub_storage
      ? RestoringState
      : DurableObjectState;
    return new Class(instance);
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectState';
  }

  /** S1.11.2 @param {unknown} promise */
  waitUntil(promise) {
    if (arguments.length === 0) {
      throw new TypeError(
        "Failed to execute 'waitUntil' on 'DurableObjectState': parameter 1 is not of type 'Promise'.",
      );
    }
    this.#instance.waitUntil(promise);
  }

  /** S1.12 @template T @param {() => Promise<T>} callback @returns {Promise<T>} */
  async blockConcurrencyWhile(callback) {
    if (typeof callback !== 'function') {
      throw new TypeError(
        "Failed to execute 'blockConcurrencyWhile' on 'DurableObjectState': parameter 1 is not of type 'function'.",
      );
    }
    return this.#instance.blockConcurrencyWhile(callback);
  }

  /** S4.13.6 @param {object} snapshot @returns {Promise<string>} the bookmark of now */
  onNextSessionRestore(snapshot) {
    return restoreSnapshot(this.#instance.store, snapshot);
  }

  /** S1.14 @param {string} [reason] @param {{retryAlarm?: boolean}} [options] */
  abort(reason, options) {
    this.#instance.abort(reason, options);
  }

  /** S6.10 @param {WebSocket} ws @param {string[]} [tags] */
  acceptWebSocket(ws, tags) {
    this.#sockets.accept(this.#instance, ws, tags);
  }

  /** S6.11.1 @param {string} [tag] @returns {WebSocket[]} */
  getWebSockets(tag) {
    return this.#sockets.list(this.#instance, tag === undefined ? undefined : String(tag));
  }

  /** S6.11.3 @param {WebSocket} ws @returns {string[]} */
  getTags(ws) {
    return this.#sockets.tagsOf(ws);
  }

  /** S6.13.1 @param {any} [pair] */
  setWebSocketAutoResponse(pair) {
    this.#sockets.setAutoResponse(this.#instance, pair);
  }

  /** S6.13.1 */
  getWebSocketAutoResponse() {
    return this.#sockets.autoResponse(this.#instance);
  }

  /** S6.13.4 @param {WebSocket} ws @returns {Date | null} */
  getWebSocketAutoResponseTimestamp(ws) {
    return this.#sockets.autoResponseTimestamp(ws);
  }

  /** S6.14.1 @param {number} [ms] */
  setHibernatableWebSocketEventTimeout(ms) {
    this.#sockets.setEventTimeout(this.#instance, ms);
  }

  /** S6.14.1 @returns {number | null} */
  getHibernatableWebSocketEventTimeout() {
    return this.#sockets.eventTimeout(this.#instance);
  }

  get #sockets() {
    this.#instance.checkLive();
    return this.#instance.shard.sockets;
  }

  static {
    access.holderOf = (receiver) => {
      for (let at = receiver; at !== null; at = Object.getPrototypeOf(at))
        if (#instance in at) return at;
      // Through a Proxy: that of the object whose code runs.
      const ctx = current.instance?.ctx;
      if (ctx === undefined) throw new TypeError('Illegal invocation');
      return ctx;
    };
    access.id = (state) => state.#instance.id;
    access.storage = (state) =>
      (state.#storage ??= new DurableObjectStorage(state.#instance.store));
    access.props = (state) => (state.#props ??= state.#instance.props);
    access.exports = (state) =>
      (state.#exports ??= state.#instance.namespace.worker.exportsFor(state.#instance));
    access.instance = (state) => state.#instance;
    access.facets = (state) => (state.#facets ??= new DurableObjectFacets(state.#instance));
  }
}

/** Of Workers with the flag allow_irrevocable_stub_storage. */
class RestoringState extends DurableObjectState {
  /** S3.8.9 @param {object} _params @returns {Promise<any>} a stub that can be stored */
  restore(_params) {
    const instance = access.instance(access.holderOf(this));
    const place = {
      target: instance.object,
      get self() {
        return instance.self;
      },
    };
    return restore(arguments, 'DurableObjectState', place);
  }
}

Object.defineProperty(RestoringState.prototype, 'constructor', { value: DurableObjectState });
Object.defineProperty(RestoringState.prototype.restore, 'length', { value: 0 }); // as in workerd
Object.defineProperty(DurableObjectState.prototype, kNotStorable, { value: true });
Object.defineProperty(DurableObjectState.prototype, kState, { value: true });

/** @param {unknown} value @returns {PropertyDescriptor} */
const plain = (value) => ({ value, writable: true, enumerable: true, configurable: true });

/**
 * A property that is made when it is asked for. The getter and the setter are the same for every object: with some of its own, each ctx
 * would have a hidden class of its own, which costs ten times what the object does. For the same reason what was made is kept in a private
 * field: a property that turned from an accessor into a value would make the ctx a dictionary, of 400 bytes.
 * @param {'id' | 'storage' | 'props' | 'exports' | 'facets'} name
 * @returns {PropertyDescriptor}
 */
function lazy(name) {
  const make = access[name];
  return {
    /** @this {any} */
    get() {
      return make(access.holderOf(this));
    },
    /** @this {any} @param {unknown} value */
    set(value) {
      Object.defineProperty(this, name, plain(value));
    },
    enumerable: true,
    configurable: true,
  };
}

/** S1.11.1: own, lazily made, writable. */
const kSlots = {
  id: lazy('id'),
  storage: lazy('storage'),
  props: lazy('props'),
  exports: lazy('exports'),
  container: plain(undefined),
  facets: lazy('facets'),
};
const kSlotsWithoutExports = Object.fromEntries(
  Object.entries(kSlots).filter(([name]) => name !== 'exports'),
);

module.exports = { DurableObjectState };
