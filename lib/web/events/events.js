// Event classes of Workers that Node lacks, or that would load undici (S9.2): MessageEvent, CloseEvent, ErrorEvent,
// PromiseRejectionEvent.
'use strict';

const { defineInterface } = require('../interface.js');
const { instanceOfEither } = require('../originals.js');
const { toUsv } = require('../usv-string.js');

const kMake = Symbol('make');

class MessageEvent extends Event {
  #init;

  /** @param {string} type @param {{data?: any, origin?: string | null, lastEventId?: string, source?: any, ports?: any[]}} [init] */
  constructor(type, init = {}) {
    super(type, /** @type {any} */ (init));
    this.#init = init;
  }

  /** @returns {any} */
  get data() {
    return this.#init.data === undefined ? null : this.#init.data;
  }

  get origin() {
    return this.#init.origin === undefined ? '' : this.#init.origin;
  }

  get lastEventId() {
    return this.#init.lastEventId ?? '';
  }

  get source() {
    return this.#init.source ?? null;
  }

  get ports() {
    return this.#init.ports ?? [];
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, MessageEvent, value);
  }
}

class CloseEvent extends Event {
  #code;
  #reason;
  #wasClean;

  /** @param {string} type @param {{code?: number, reason?: string, wasClean?: boolean}} [init] */
  constructor(type, init = {}) {
    super(type, /** @type {any} */ (init));
    this.#code = Number(init.code ?? 0);
    this.#reason = toUsv(`${init.reason ?? ''}`);
    this.#wasClean = Boolean(init.wasClean);
  }

  get code() {
    return this.#code;
  }

  get reason() {
    return this.#reason;
  }

  /** True when a Close frame was received (S6.6.3). */
  get wasClean() {
    return this.#wasClean;
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, CloseEvent, value);
  }
}

class ErrorEvent extends Event {
  #init;

  /** @param {string} type @param {{message?: string, filename?: string, lineno?: number, colno?: number, error?: any}} [init] */
  constructor(type, init = {}) {
    super(type, /** @type {any} */ (init));
    this.#init = init;
  }

  get message() {
    return this.#init.message ?? '';
  }

  get filename() {
    return this.#init.filename ?? '';
  }

  get lineno() {
    return this.#init.lineno ?? 0;
  }

  get colno() {
    return this.#init.colno ?? 0;
  }

  /** @returns {any} */
  get error() {
    return this.#init.error;
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, ErrorEvent, value);
  }
}

class PromiseRejectionEvent extends Event {
  #promise;
  #reason;

  /** @param {symbol} key @param {string} type @param {Promise<unknown>} promise @param {any} [reason] */
  constructor(key, type, promise, reason) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    super(type);
    this.#promise = promise;
    this.#reason = reason;
  }

  get promise() {
    return this.#promise;
  }

  /** @returns {any} */
  get reason() {
    return this.#reason;
  }
}

for (const type of [MessageEvent, CloseEvent, ErrorEvent, PromiseRejectionEvent]) {
  defineInterface(type);
}

/** @param {'unhandledrejection' | 'rejectionhandled'} type @param {Promise<unknown>} promise @param {any} [reason] */
const makeRejectionEvent = (type, promise, reason) =>
  new PromiseRejectionEvent(kMake, type, promise, reason);

module.exports = {
  MessageEvent,
  CloseEvent,
  ErrorEvent,
  PromiseRejectionEvent,
  makeRejectionEvent,
};
