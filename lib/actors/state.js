'use strict';
// DurableObjectState: ctx (spec S1.11).

const { DurableObjectStorage, restoreSnapshot } = require('../storage/durable-object-storage');
const { DurableObjectFacets } = require('./facets');
const { kNotStorable } = require('../storage/refusals');
const { kState } = require('../workers/durable-object');

class DurableObjectState {
  /** @type {import('./instance').ActorInstance} */
  #instance;

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
    // S1.11.1: own, lazily made, writable.
    lazy(this, 'id', () => instance.id);
    lazy(this, 'storage', () => new DurableObjectStorage(instance.store));
    lazy(this, 'props', () => instance.props);
    if (instance.namespace.flags.enable_ctx_exports) {
      lazy(this, 'exports', () => instance.namespace.worker.exportsFor(instance));
    }
    this.container = instance.namespace.worker.containers?.get(instance.namespace.className);
    lazy(this, 'facets', () => new DurableObjectFacets(instance));
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
}

Object.defineProperty(DurableObjectState.prototype, kNotStorable, { value: true });
Object.defineProperty(DurableObjectState.prototype, kState, { value: true });

/**
 * @param {object} target
 * @param {string} name
 * @param {() => unknown} make
 */
function lazy(target, name, make) {
  Object.defineProperty(target, name, {
    get() {
      const value = make();
      Object.defineProperty(target, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      return value;
    },
    set(value) {
      Object.defineProperty(target, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    enumerable: true,
    configurable: true,
  });
}

module.exports = { DurableObjectState };
