'use strict';
// FetchMock: answers to what code under test fetches, in the shape of undici's MockAgent (spec S10.2 fetchMock, S10.3.3
// getMiniflareFetchMock). It stands in for the `fetch` of the test's modules while it is active.
//
// The happy path: the first interceptor that matches and has answers left gives one. The ways it fails: none matches, and the network
// is closed to that host: the fetch rejects with an error that says what was asked for.

const { setImmediate: turn } = require('node:timers/promises');
const { Request, Response } = require('../../web/internal');
const { Interceptor, matches } = require('./fetch-interceptor');

class FetchMock {
  #scope;
  /** @type {{origin: any, interceptors: Interceptor[]}[]} */
  #pools = [];
  /** Hosts that may be reached. @type {true | any[]} */
  #allowed = true;
  /** What stood there before. @type {typeof fetch | undefined} */
  #real;

  /** @param {{fetch: any}} scope the global object whose `fetch` it replaces */
  constructor(scope) {
    this.#scope = scope;
  }

  activate() {
    if (this.#real !== undefined) return;
    this.#real = this.#scope.fetch;
    this.#scope.fetch = (/** @type {any[]} */ ...args) =>
      this.#fetch(new Request(args[0], args[1]));
  }

  deactivate() {
    if (this.#real === undefined) return;
    this.#scope.fetch = this.#real;
    this.#real = undefined;
  }

  async close() {
    this.deactivate();
    this.#pools = [];
  }

  /** @param {string | RegExp | ((origin: string) => boolean) | URL} origin */
  get(origin) {
    const wanted =
      typeof origin === 'string' || origin instanceof URL ? new URL(origin).origin : origin;
    let pool = this.#pools.find((one) => one.origin === wanted);
    if (pool === undefined) this.#pools.push((pool = { origin: wanted, interceptors: [] }));
    const { interceptors } = pool;
    return {
      /** @param {import('./fetch-interceptor').Options} options */
      intercept(options) {
        const interceptor = new Interceptor(options);
        interceptors.push(interceptor);
        return interceptor;
      },
      async close() {
        interceptors.length = 0;
      },
    };
  }

  disableNetConnect() {
    this.#allowed = [];
  }

  /** @param {string | RegExp | ((host: string) => boolean)} [host] all, without one */
  enableNetConnect(host) {
    if (host === undefined) this.#allowed = true;
    else this.#allowed = [...(this.#allowed === true ? [] : this.#allowed), host];
  }

  /** Those that were made and still wait for a request. */
  pendingInterceptors() {
    return this.#pools.flatMap(({ origin, interceptors }) =>
      interceptors
        .filter((one) => one.isPending)
        .map((one) => ({ origin: String(origin), ...one.describe() })),
    );
  }

  /** @param {{pendingInterceptorsFormatter?: {format(pending: any[]): string}}} [options] */
  assertNoPendingInterceptors({ pendingInterceptorsFormatter } = {}) {
    const pending = this.pendingInterceptors();
    if (pending.length === 0) return;
    const list =
      pendingInterceptorsFormatter?.format(pending) ??
      pending
        .map(({ method, origin, path, status }) => `  ${method} ${origin}${path} (${status})`)
        .join('\n');
    throw new Error(
      `${pending.length} ${pending.length === 1 ? 'interceptor is' : 'interceptors are'} pending:\n\n${list}`,
    );
  }

  /** @param {any} request */
  async #fetch(request) {
    const url = new URL(request.url);
    const body = request.body === null ? '' : await request.clone().text();
    const asked = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body,
    };
    const pools = this.#pools.filter(({ origin }) => matches(origin, url.origin));
    const found = pools
      .flatMap(({ interceptors }) => interceptors)
      .find((one) => one.accepts(asked));
    if (found !== undefined) return inItsTurn(found.answer(asked, Response, request.signal));
    const isAllowed =
      this.#allowed === true || this.#allowed.some((host) => matches(host, url.host));
    if (isAllowed) return /** @type {any} */ (this.#real)(request);
    throw new TypeError('fetch failed', {
      cause: new Error(
        `Mock dispatch not matched for ${asked.method} '${asked.path}': subsequent request to origin ${url.origin} was not allowed (net.connect disabled)`,
      ),
    });
  }
}

/**
 * An answer comes in a turn of its own, as from the network: two of them in one turn would let what an object does after the one be mixed
 * with what it does after the other (S2.3).
 * @template T
 * @param {Promise<T>} answer
 */
async function inItsTurn(answer) {
  try {
    return await answer;
  } finally {
    await turn();
  }
}

module.exports = { FetchMock };
