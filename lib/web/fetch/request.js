// Request: the Fetch standard's class as Workers has it (S1.8, S9.2): any method but CONNECT, `cf`, no CORS members.
'use strict';

const { Body, forkBody, isBodyLocked, isBodyUsed, takeBody } = require('./body.js');
const { extractBody } = require('./body-source.js');
const { constructorError } = require('../errors.js');
const { copiedCf, shownCf } = require('./connection-cf.js');
const {
  Headers,
  cloneHeaders,
  copyHeaders,
  headersFromWire,
  headersOfInit,
} = require('./headers.js');
const { defineInterface } = require('../interface.js');
const { instanceOfEither, isOriginal } = require('../originals.js');
const { checkInit, checkMethod, checkRedirect, checkTakesBody } = require('./request-checks.js');
const { urlOf } = require('./request-urls.js');
const { settings } = require('../settings.js');

const kInternal = Symbol('internal');

/** @typedef {import('./headers.js').Headers} WebHeaders */
/** @typedef {import('./body-source.js').BodySource} BodySource */

/**
 * @typedef {object} RequestState What a Request is made of, for internal construction.
 * @property {string} method
 * @property {string} url
 * @property {WebHeaders | string} headers A string is the wire form, not read yet.
 * @property {BodySource} source
 * @property {'follow' | 'manual'} redirect
 * @property {AbortSignal | null} signal null: made when asked for.
 * @property {AbortController | null} controller Of a signal made here.
 * @property {any} abortReason Set when the request was aborted before anybody asked for its signal.
 * @property {any} cf Of a request from outside, until it is looked at, what connection-cf.js makes it of.
 * @property {string | undefined} cache
 * @property {any} fetcher Who fetch() asks; null: the network.
 * @property {Caller | null} caller Of a delivered one.
 */

/** @typedef {{follows: boolean, signal: AbortSignal | null}} Caller What the caller of a delivered request wants. */

/** @type {{ state(request: Request): RequestState, make(state: RequestState): Request,
 *   isOwn(value: unknown): boolean }} */
const access = /** @type {any} */ ({});

/** @param {any} input @returns {RequestState} The state a copy of `input` starts from, body left out. */
function fromInput(input) {
  /** @type {RequestState} */
  const state = {
    method: 'GET',
    url: '',
    headers: '',
    source: null,
    redirect: 'follow',
    signal: null,
    controller: null,
    abortReason: undefined,
    cf: undefined,
    cache: undefined,
    fetcher: null,
    caller: null,
  };
  if (access.isOwn(input)) {
    const from = access.state(input);
    Object.assign(state, from, {
      source: null,
      signal: input.signal,
      controller: null,
      caller: null,
    });
    state.headers = copyHeaders(input.headers, 'mutable');
    state.cf = copiedCf(from.cf, () => input.headers.get('accept-encoding'));
  } else if (isOriginal(input, 'Request')) {
    state.method = input.method;
    state.url = input.url;
    state.headers = new Headers([...input.headers]);
    state.redirect = input.redirect === 'manual' ? 'manual' : 'follow';
    state.signal = input.signal;
  } else {
    state.url = urlOf(input);
    state.headers = new Headers();
  }
  return state;
}

/** @param {RequestState} state @param {any} init */
function applyInit(state, init) {
  if (init.integrity !== undefined && `${init.integrity}` !== '') {
    throw new TypeError(
      'Subrequest integrity checking is not implemented. The integrity option must be either undefined or an empty string.',
    );
  }
  if (init.method !== undefined) state.method = checkMethod(init.method);
  if (init.headers !== undefined) state.headers = headersOfInit(init.headers);
  if (init.fetcher !== undefined) state.fetcher = init.fetcher;
  if (init.signal !== undefined) state.signal = init.signal;
  if (init.cf !== undefined) state.cf = structuredClone(init.cf);
  if (init.body !== undefined && init.body !== null) applyBody(state, init.body);
  if (init.redirect !== undefined) state.redirect = checkRedirect(init.redirect);
  if (init.cache !== undefined) state.cache = init.cache;
  if (init.method !== undefined && state.source !== null) checkTakesBody(state);
}

/** @param {RequestState} state @param {any} body */
function applyBody(state, body) {
  const { source, type } = extractBody(body);
  checkTakesBody(state);
  const headers = /** @type {WebHeaders} */ (state.headers);
  state.source = source;
  if (type !== null && !headers.has('content-type')) headers.append('content-type', type);
}

/** @param {any} input */
function inheritedBody(input) {
  const own = access.isOwn(input);
  if (own ? isBodyUsed(input) : input.bodyUsed) {
    throw new TypeError('Cannot reconstruct a Request with a used body.');
  }
  if (!own) return input.body;
  if (isBodyLocked(input)) throw new TypeError('The ReadableStream has been locked to a reader.');
  return takeBody(input);
}

/** @param {any} input @param {any} init @returns {RequestState} */
function fromArguments(input, init) {
  const hasInit = init !== undefined && init !== null;
  if (hasInit) checkInit(init);
  const state = fromInput(input);
  if (init?.body === undefined && (access.isOwn(input) || isOriginal(input, 'Request')))
    state.source = inheritedBody(input);
  if (hasInit) applyInit(state, init);
  return state;
}

/** Signals of requests that nobody gave one: of those that arrived they tell that the caller went away. */
const madeHere = new WeakSet();

/**
 * What a fetch, or the other side of a call, follows: the signal that the request was given. That the caller of a request went away
 * ends nothing that its receiver asks others for, but with the flag request_signal_passthrough.
 * @param {AbortSignal | null} signal
 * @returns {AbortSignal | null}
 */
const signalToFollow = (signal) =>
  signal !== null && madeHere.has(signal) && !settings.requestSignalPassthrough ? null : signal;

class Request extends Body {
  /** @type {RequestState} */
  #state;

  /** @param {any} input @param {any} [init] */
  constructor(input, init) {
    if (arguments.length === 0) throw constructorError('Request', 1, 'Request or string');
    const state = input === kInternal ? init : fromArguments(input, init);
    super(state.source);
    this.#state = state;
  }

  /** @returns {Request} */
  clone() {
    const headers = cloneHeaders(this.headers);
    const signal = this.signal;
    return new Request(kInternal, {
      ...this.#state,
      headers,
      cf: copiedCf(this.#state.cf, () => this.headers.get('accept-encoding')),
      signal,
      controller: null,
      caller: null,
      source: forkBody(this),
    });
  }

  /** @returns {string} */
  get method() {
    return this.#state.method;
  }

  /** @returns {string} */
  get url() {
    return this.#state.url;
  }

  /** @returns {WebHeaders} */
  get headers() {
    const state = this.#state;
    if (typeof state.headers === 'string') state.headers = headersFromWire(state.headers);
    return state.headers;
  }

  /** @returns {'follow' | 'manual'} */
  get redirect() {
    return this.#state.redirect;
  }

  /** @returns {any} */
  get fetcher() {
    return this.#state.fetcher;
  }

  /** @returns {AbortSignal} */
  get signal() {
    const state = this.#state;
    if (state.signal === null) {
      state.controller = new AbortController();
      state.signal = state.controller.signal;
      madeHere.add(state.signal);
      if (state.abortReason !== undefined) state.controller.abort(state.abortReason);
    }
    return state.signal;
  }

  /** @returns {any} */
  get cf() {
    return shownCf(this.#state, () => this.headers.get('accept-encoding'));
  }

  /** @returns {string} */
  get integrity() {
    return '';
  }

  /** @returns {boolean} */
  get keepalive() {
    return false;
  }

  /** @returns {string | undefined} */
  get cache() {
    return this.#state.cache;
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, Request, value);
  }

  static {
    access.state = (request) => request.#state;
    access.make = (state) => new Request(kInternal, state);
    access.isOwn = (value) => typeof value === 'object' && value !== null && #state in value;
  }
}

defineInterface(Request);

module.exports = {
  Request,
  requestState: access.state,
  makeRequest: access.make,
  isOwnRequest: access.isOwn,
  signalToFollow,
};
