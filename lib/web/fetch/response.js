// Response: the Fetch standard's class as Workers has it (S6.2, S9.2, S9.5): with `webSocket`, `cf`, `encodeBody`.
//
// The common response (a string, a status, a few headers) makes no Headers object: the wire text is put together from
// what the constructor was given unless user code asked for `headers`.
'use strict';

const { Body, forkBody } = require('./body.js');
const { extractBody } = require('./body-source.js');
const { constructorError, parameterError } = require('../errors.js');
const {
  Headers,
  cloneHeaders,
  freezeHeaders,
  headersOfInit,
  headersToWire,
} = require('./headers.js');
const { defineInterface } = require('../interface.js');
const { instanceOfEither, isOriginal } = require('../originals.js');
const {
  INIT_TYPE,
  checkEncodeBody,
  checkInit,
  checkStatus,
  checkStatusText,
  isInit,
} = require('./response-checks.js');

const REDIRECTS = [301, 302, 303, 307, 308];
const NULL_BODY = [101, 204, 205, 304];

const kInternal = Symbol('internal');
const TEXT_LINE = 'content-type: text/plain;charset=UTF-8\r\n';

/** @typedef {import('./headers.js').Headers} WebHeaders */
/** @typedef {import('./body-source.js').BodySource} BodySource */
/** @typedef {import('../sockets/web-socket.js').WebSocket} WebSocket */

/**
 * @typedef {object} ResponseState What a Response is made of, for internal construction.
 * @property {number} status
 * @property {string} statusText
 * @property {BodySource} source
 * @property {WebHeaders | null} headers
 * @property {string | null} type Content-Type the body implies; only while `headers` is null.
 * @property {boolean} isFrozen Whether `headers` that are made from `type` are immutable.
 * @property {WebSocket | null} webSocket
 * @property {any} cf
 * @property {'automatic' | 'manual'} encodeBody
 * @property {'default' | 'error'} kind
 * @property {string} url
 * @property {boolean} redirected
 */

/** @type {{ state(response: Response): ResponseState, make(state: ResponseState): Response,
 *   toWire(response: Response): string, isOwn(value: unknown): boolean }} */
const access = /** @type {any} */ ({});

/** @type {ResponseState} */
const PLAIN = {
  status: 200,
  statusText: '',
  source: null,
  headers: null,
  type: null,
  isFrozen: false,
  webSocket: null,
  cf: undefined,
  encodeBody: 'automatic',
  kind: 'default',
  url: '',
  redirected: false,
};

/** @param {ResponseState} state of a status without a body */
function dropEmptyBody(state) {
  const { source } = state;
  if (source !== '' && !(source instanceof Uint8Array && source.byteLength === 0)) {
    throw new TypeError(
      'Response with null body status (101, 204, 205, or 304) cannot have a body.',
    );
  }
  state.source = null;
  state.type = null;
}

/** @param {any} body @param {any} init @returns {ResponseState} */
function fromArguments(body, init) {
  if (init === undefined || init === null) return { ...PLAIN, ...extractBody(body) };
  if (!isInit(init)) throw constructorError('Response', 2, INIT_TYPE);
  checkInit(init);
  const webSocket = init.webSocket ?? null;
  const encodeBody = access.isOwn(init)
    ? access.state(init).encodeBody
    : checkEncodeBody(init.encodeBody);
  const headers = init.headers === undefined ? null : headersOfInit(init.headers);
  const cf = init.cf === undefined ? undefined : structuredClone(init.cf);
  const status = checkStatus(init.status, webSocket);
  const statusText = checkStatusText(init.statusText);
  const { source, type } = extractBody(body);
  const state = { ...PLAIN, status, statusText, source, headers, type, webSocket, cf, encodeBody };
  if (NULL_BODY.includes(status) && source !== null) dropEmptyBody(state);
  if (headers !== null && state.type !== null && !headers.has('content-type'))
    headers.append('content-type', state.type);
  return state;
}

class Response extends Body {
  /** @type {ResponseState} */
  #state;

  /** @param {any} [body] @param {any} [init] */
  constructor(body, init) {
    const state = body === kInternal ? init : fromArguments(body, init);
    super(state.source);
    this.#state = state;
  }

  /** @returns {Response} */
  clone() {
    const state = this.#state;
    if (state.webSocket !== null) {
      throw new TypeError('Cannot clone a response to a WebSocket handshake.');
    }
    const headers = state.headers && cloneHeaders(state.headers);
    return new Response(kInternal, { ...state, headers, source: forkBody(this) });
  }

  /** @returns {number} */
  get status() {
    return this.#state.status;
  }

  /** @returns {string} */
  get statusText() {
    return this.#state.statusText;
  }

  /** @returns {WebHeaders} */
  get headers() {
    const state = this.#state;
    if (state.headers === null) {
      state.headers = new Headers();
      if (state.type !== null) state.headers.append('content-type', state.type);
      if (state.isFrozen) freezeHeaders(state.headers);
    }
    return state.headers;
  }

  /** @returns {boolean} */
  get ok() {
    return this.#state.status >= 200 && this.#state.status <= 299;
  }

  /** @returns {boolean} */
  get redirected() {
    return this.#state.redirected;
  }

  /** @returns {string} */
  get url() {
    return this.#state.url;
  }

  /** @returns {WebSocket | null} */
  get webSocket() {
    return this.#state.webSocket;
  }

  /** @returns {any} */
  get cf() {
    return this.#state.cf;
  }

  /** @returns {'default' | 'error'} */
  get type() {
    return this.#state.kind;
  }

  /** A network error: status 0. @returns {Response} */
  static error() {
    return new Response(kInternal, { ...PLAIN, status: 0, kind: 'error' });
  }

  /** @param {string | URL} url Absolute. @param {number} [status] @returns {Response} */
  static redirect(url, status = 302) {
    if (url === undefined) throw parameterError('redirect', 'Response', 1, 'string');
    const code = Number(status) | 0;
    if (!REDIRECTS.includes(code)) {
      throw new RangeError(
        `${code} is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.`,
      );
    }
    if (!URL.canParse(`${url}`)) throw new TypeError(`Unable to parse URL: ${url}`);
    const headers = new Headers([['location', new URL(url).href]]);
    freezeHeaders(headers);
    return new Response(kInternal, { ...PLAIN, status: code, headers });
  }

  /** @param {any} value @param {any} [init] @returns {Response} */
  static json(value, init) {
    if (arguments.length === 0) throw parameterError('json', 'Response', 1, 'Value');
    if (init !== undefined && init !== null) {
      if (!isInit(init)) throw parameterError('json', 'Response', 2, INIT_TYPE);
      checkInit(init);
    }
    const response = new Response(`${JSON.stringify(value)}`, init);
    const state = response.#state;
    const given = init?.headers !== undefined && init.headers !== null && state.headers !== null;
    if (!given) state.type = 'application/json';
    else if (!new Headers(init.headers).has('content-type')) {
      response.headers.set('content-type', 'application/json');
    }
    return response;
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, Response, value);
  }

  /** @param {Response} response */
  static #toWire(response) {
    const { headers, type } = response.#state;
    if (headers !== null) return headersToWire(headers);
    if (type === null) return '';
    return type === 'text/plain;charset=UTF-8' ? TEXT_LINE : `content-type: ${type}\r\n`;
  }

  static {
    access.state = (response) => response.#state;
    access.make = (state) => new Response(kInternal, state);
    access.toWire = (response) => Response.#toWire(response);
    access.isOwn = (value) => typeof value === 'object' && value !== null && #state in value;
  }
}

defineInterface(Response);

/**
 * A Response of ours from Node's own class; the body stream is passed through.
 * @param {globalThis.Response} original
 * @returns {Response}
 */
function adoptResponse(original) {
  const source = /** @type {any} */ (original.body);
  const headers = new Headers([...original.headers]);
  const { status, statusText, url, redirected } = original;
  return new Response(kInternal, {
    ...PLAIN,
    status,
    statusText,
    source,
    headers,
    url,
    redirected,
  });
}

module.exports = {
  Response,
  responseState: access.state,
  makeResponse: access.make,
  responseHeadersToWire: access.toWire,
  isOwnResponse: access.isOwn,
  adoptResponse,
  PLAIN_RESPONSE: PLAIN,
  /** Whether `value` is a Response, ours or Node's own. @param {unknown} value */
  isResponse: (value) => access.isOwn(value) || isOriginal(value, 'Response'),
};
