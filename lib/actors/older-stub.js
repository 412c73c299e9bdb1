'use strict';
// Stubs of Workers with an old compatibility date: no RPC before 2024-04-03 (S1.6.3), get(), put() and delete() before 2024-03-26
// (S1.6.4).

const kBodyTypes = new Set(['stream', 'text', 'json', 'arrayBuffer']);

const verbs = {
  /**
   * @this {any}
   * @param {string} url
   * @param {string} [type] stream, text (default), json or arrayBuffer
   * @returns {Promise<any>} the body; null for 404 and 410
   */
  async get(url, type = 'text') {
    if (!kBodyTypes.has(type)) {
      throw new TypeError(
        'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".',
      );
    }
    const response = await this.fetch(url);
    if (response.status === 404 || response.status === 410) return null;
    checkAnswer('GET', response);
    return type === 'stream' ? response.body : response[type]();
  },

  /**
   * @this {any}
   * @param {string} url
   * @param {any} body
   * @param {{expiration?: number, expirationTtl?: number}} [options] become query parameters
   */
  async put(url, body, options) {
    const target = new URL(url);
    for (const key of /** @type {const} */ (['expiration', 'expirationTtl'])) {
      const value = options?.[key];
      if (value === undefined) continue;
      target.searchParams.append(
        key === 'expiration' ? 'expiration' : 'expiration_ttl',
        `${value}`,
      );
    }
    checkAnswer('PUT', await this.fetch(target, { method: 'PUT', body }));
  },

  /** @this {any} @param {string} url */
  async delete(url) {
    checkAnswer('DELETE', await this.fetch(url, { method: 'DELETE' }));
  },
};

/** @param {string} method @param {Response} response */
function checkAnswer(method, { status, statusText }) {
  if (status >= 200 && status < 300) return;
  throw new Error(`HTTP ${method} request failed: ${status} ${statusText}`);
}

/** @type {Map<string, any>} */
const made = new Map();

/**
 * @param {object} prototype of stubs as they are now
 * @param {Record<string, boolean>} flags
 * @returns {object | undefined} undefined: stubs as they are now
 */
function olderPrototype(prototype, flags) {
  const { rpc, fetcher_no_get_put_delete: noVerbs } = flags;
  if (rpc && noVerbs) return undefined;
  const key = `${rpc} ${noVerbs}`;
  let older = made.get(key);
  if (older === undefined) {
    older = Object.create(rpc ? Object.getPrototypeOf(prototype) : Object.prototype);
    Object.defineProperties(older, Object.getOwnPropertyDescriptors(prototype));
    if (!noVerbs) Object.defineProperties(older, Object.getOwnPropertyDescriptors(verbs));
    made.set(key, older);
  }
  return older;
}

module.exports = { olderPrototype };
