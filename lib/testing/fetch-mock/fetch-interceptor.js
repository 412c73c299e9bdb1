'use strict';
// Interceptor: which requests it answers, with what, and how often: undici's MockInterceptor with its MockScope.

const { setTimeout: sleep } = require('node:timers/promises');

/** @typedef {string | RegExp | ((value: string) => boolean)} Matcher */
/** @typedef {{path: Matcher, method?: Matcher, body?: Matcher, headers?: Record<string, Matcher> | ((headers: Record<string, string>) => boolean), query?: Record<string, unknown>}} Options */
/** @typedef {{origin: string, path: string, method: string, headers: Record<string, string>, body: string}} Asked */
/** @typedef {{status: number, data: any, headers: Record<string, any>} | {error: Error}} Reply */

/** @param {any} matcher @param {string} value @returns {boolean} */
function matches(matcher, value) {
  if (typeof matcher === 'function') return matcher(value) === true;
  if (matcher instanceof RegExp) return matcher.test(value);
  return String(matcher) === value;
}

class Interceptor {
  #options;
  /** @type {Record<string, any>} */
  #defaultHeaders = {};
  #hasLength = false;
  /** @type {((asked: Asked) => Reply | Promise<Reply>) | undefined} */
  #reply;
  /** How many answers are left; Infinity: it persists. */
  #left = 1;
  #answered = 0;
  #delayMs = 0;
  /** For messages: a status or an error. */
  #shown = '';

  /** @param {Options} options */
  constructor(options) {
    if (typeof options !== 'object' || options === null || options.path === undefined)
      throw new TypeError('intercept() needs an object with a path.');
    this.#options = { ...options, path: withQuery(options) };
  }

  get isPending() {
    if (this.#reply === undefined) return false;
    return this.#left === Infinity ? this.#answered === 0 : this.#left > 0;
  }

  describe() {
    const { path, method = 'GET' } = this.#options;
    return {
      path: String(path),
      method: String(method),
      status: this.#shown,
      persist: this.#left === Infinity,
      times: this.#left === Infinity ? null : this.#left,
      consumed: false,
    };
  }

  // What a test says of it.

  /**
   * @param {number | ((asked: Asked) => any)} status or a function that gives everything
   * @param {any} [data] or a function that gives it
   * @param {{headers?: Record<string, any>}} [options]
   */
  reply(status, data = '', { headers = {} } = {}) {
    this.#shown = typeof status === 'number' ? String(status) : 'by callback';
    this.#reply = async (asked) => {
      if (typeof status !== 'function')
        return { status, data: typeof data === 'function' ? await data(asked) : data, headers };
      const { statusCode, data: given = '', responseOptions = {} } = await status(asked);
      return { status: statusCode, data: given, headers: responseOptions.headers ?? {} };
    };
    return this.#scope();
  }

  /** @param {Error} error */
  replyWithError(error) {
    this.#shown = `error: ${error.message}`;
    this.#reply = () => ({ error });
    return this.#scope();
  }

  /** @param {Record<string, any>} headers */
  defaultReplyHeaders(headers) {
    this.#defaultHeaders = headers;
    return this;
  }

  /** Accepted; a Response has no trailers. */
  defaultReplyTrailers() {
    return this;
  }

  replyContentLength() {
    this.#hasLength = true;
    return this;
  }

  #scope() {
    const scope = {
      persist: () => this.#set(() => (this.#left = Infinity), scope),
      times: (/** @type {number} */ count) => {
        if (!Number.isInteger(count) || count < 1)
          throw new TypeError('times() takes a whole number of at least 1.');
        return this.#set(() => (this.#left = count), scope);
      },
      delay: (/** @type {number} */ ms) => this.#set(() => (this.#delayMs = ms), scope),
    };
    return scope;
  }

  /** @template T @param {() => void} change @param {T} scope */
  #set(change, scope) {
    change();
    return scope;
  }

  // What a request finds.

  /** @param {Asked} asked */
  accepts({ path, method, headers, body }) {
    if (this.#reply === undefined || this.#left <= 0) return false;
    const wanted = this.#options;
    return (
      matches(wanted.path, path) &&
      matches(wanted.method ?? 'GET', method) &&
      (wanted.body === undefined || matches(wanted.body, body)) &&
      hasHeaders(wanted.headers, headers)
    );
  }

  /** @param {Asked} asked @param {any} Response @param {AbortSignal} signal */
  async answer(asked, Response, signal) {
    this.#left -= 1;
    this.#answered += 1;
    if (this.#delayMs > 0) await sleep(this.#delayMs, undefined, { signal });
    const reply = await /** @type {(asked: Asked) => Promise<Reply>} */ (this.#reply)(asked);
    if ('error' in reply) throw reply.error;
    const { status, data, headers } = reply;
    const body =
      typeof data === 'object' && data !== null && !isBytes(data) ? JSON.stringify(data) : data;
    const all = Object.entries({ ...this.#defaultHeaders, ...headers });
    const pairs = all.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
    if (this.#hasLength)
      pairs.push(['content-length', String(new TextEncoder().encode(body).length)]);
    const isEmpty = body === '' || [101, 204, 205, 304].includes(status);
    return new Response(isEmpty ? null : body, { status, headers: pairs });
  }
}

/** @param {Options} options @returns {Matcher} */
function withQuery({ path, query }) {
  if (query === undefined || typeof path !== 'string') return path;
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, String(one)]),
  );
  return `${path}?${new URLSearchParams(/** @type {[string, string][]} */ (pairs))}`;
}

/** @param {Options['headers']} wanted @param {Record<string, string>} headers */
function hasHeaders(wanted, headers) {
  if (wanted === undefined) return true;
  if (typeof wanted === 'function') return wanted(headers);
  return Object.entries(wanted).every(([name, matcher]) => {
    const value = headers[name.toLowerCase()];
    return value !== undefined && matches(matcher, value);
  });
}

/** @param {unknown} data */
const isBytes = (data) => ArrayBuffer.isView(data) || data instanceof ArrayBuffer;

module.exports = { Interceptor, matches };
