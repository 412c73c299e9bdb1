'use strict';
// Cache and CacheStorage: `caches` (spec S9.2). Errors are those of Workers.

const { latePackage } = require('../../late-package');
const { parameterError } = require('../../web/errors');
const { Headers } = require('../../web/fetch/headers');
const { defineInterface } = require('../../web/interface');
const { Request } = require('../../web/fetch/request');
const { Response, isResponse } = require('../../web/fetch/response');
const { toOptions } = require('../arguments');
const { blobStream } = require('../blob-stream');
const { toRange } = require('../byte-range');
const { isSiteUrl } = require('../site/site-keys');
const { isNotModified, toStore } = require('./cache-policy');
const { time } = require('../../time');

/** @type {() => typeof import('node:http')} */
const http = latePackage('node:http');

const kMake = Symbol('make');
const kNameBytesMax = 1024;
/** Statuses without a body; nothing is stored. */
const kNoContent = new Set([204, 205, 304]);

/** @typedef {(method: string, ...args: any[]) => Promise<any>} Call of the store of this cache */

class Cache {
  /** @type {() => Call} */
  #store;

  /** @param {symbol} key @param {() => Call} store asked at each use: one set of classes serves every runtime */
  constructor(key, store) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#store = store;
  }

  /** @param {any[]} args @returns {Promise<any>} a Response, or undefined */
  async match(...args) {
    const request = toRequest(args, 'match');
    const { ignoreMethod } = toOptions(args[1], 'match', 'Cache', 2, 'CacheQueryOptions');
    if (request.method !== 'GET' && !ignoreMethod) return undefined;
    const call = this.#store();
    const found = await call('match', keyOf(request));
    return found && answer(call, JSON.parse(found.head), found.opened, request.headers);
  }

  /** @param {any[]} args @returns {Promise<void>} */
  async put(...args) {
    const request = toRequest(args, 'put');
    const response = args[1];
    if (!isResponse(response)) throw parameterError('put', 'Cache', 2, 'Response');
    checkCacheable(request, response);
    if (kNoContent.has(response.status)) return;
    const { body } = response.body === null && !response.bodyUsed ? new Response('') : response;
    const chunks = body?.locked || response.bodyUsed ? await usedUp(response) : body;
    const kept = isSiteUrl(request.url)
      ? undefined
      : toStore(request.url, request.headers, response);
    if (kept === undefined) {
      await chunks.pipeTo(new WritableStream());
      return;
    }
    const { ttlMs, headers } = kept;
    const head = JSON.stringify({ status: response.status, headers });
    await this.#store()('put', keyOf(request), head, chunks, time.now() + ttlMs);
  }

  /** @param {any[]} args @returns {Promise<boolean>} */
  async delete(...args) {
    const request = toRequest(args, 'delete');
    const { ignoreMethod } = toOptions(args[1], 'delete', 'Cache', 2, 'CacheQueryOptions');
    if (request.method !== 'GET' && !ignoreMethod) return false;
    return this.#store()('delete', keyOf(request));
  }
}

class CacheStorage {
  #storeOf;

  /** @param {symbol} key @param {(name: string) => Call} storeOf */
  constructor(key, storeOf) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#storeOf = storeOf;
    Object.defineProperty(this, 'default', {
      value: new Cache(kMake, () => storeOf('default')),
      enumerable: true,
    });
  }

  /** @param {any[]} args @returns {Promise<Cache>} */
  async open(...args) {
    if (args[0] === undefined) throw parameterError('open', 'CacheStorage', 1, 'string');
    const name = String(args[0]);
    if (Buffer.byteLength(name) >= kNameBytesMax) throw new TypeError('Cache name is too long.');
    return new Cache(kMake, () => this.#storeOf(`named:${name}`));
  }
}

/** Workers has these names and not what they stand for. @param {Function} Class @param {string[]} names */
function refuse(Class, names) {
  for (const name of names) {
    const value = () => {
      throw new Error(
        `Failed to execute '${name}' on '${Class.name}': the method is not implemented.`,
      );
    };
    Object.defineProperty(Class.prototype, name, { value, writable: true, configurable: true });
  }
}

/** @param {any[]} args @param {string} method @returns {any} a Request */
function toRequest(args, method) {
  if (args.length === 0) throw parameterError(method, 'Cache', 1, 'Request or string');
  const [input] = args;
  return input instanceof Request ? input : new Request(`${input}`);
}

/** Without the fragment, which no server is sent. @param {any} request */
const keyOf = ({ cf, url }) => (cf?.cacheKey ? String(cf.cacheKey) : url.split('#', 1)[0]);

/** @param {any} request @param {any} response */
function checkCacheable(request, response) {
  if (response.type === 'error') throw new TypeError('Cache is unable to store an error response');
  if (request.method !== 'GET') throw new TypeError('Cannot cache response to non-GET request.');
  if (response.status === 206) {
    throw new TypeError('Cannot cache response to a range request (206 Partial Content).');
  }
  if (response.headers.get('vary')?.includes('*'))
    throw new TypeError("Cannot cache response with 'Vary: *' header.");
  if (response.webSocket) throw new TypeError('Cannot cache WebSocket upgrade response.');
}

/** Rejects as reading it does. @param {any} response @returns {Promise<never>} */
async function usedUp(response) {
  await response.arrayBuffer();
  throw new TypeError('The body is locked.');
}

/**
 * @param {Call} call
 * @param {{status: number, headers: [string, string][]}} head
 * @param {import('../blob-stream').Opened} opened
 * @param {any} asked the headers of the request
 */
function answer(call, { status, headers: stored }, opened, asked) {
  const headers = new Headers(stored);
  headers.set('cf-cache-status', 'HIT');
  const { size } = opened;
  headers.set('content-length', `${size}`);
  const range = toRange(asked.get('range'), size);
  if (range === 'unsatisfiable') {
    blobStream(call, opened).cancel();
    const why = { 'content-range': `bytes */${size}`, 'cf-cache-status': 'HIT' };
    return new Response(null, { ...statusOf(416), headers: why });
  }
  if (isNotModified(asked, headers)) {
    blobStream(call, opened).cancel();
    return new Response(null, { ...statusOf(304), headers });
  }
  if (range === 'whole')
    return new Response(blobStream(call, opened), { ...statusOf(status), headers });
  const { start, end } = range;
  headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
  headers.set('content-length', `${end - start}`);
  return new Response(blobStream(call, opened, start, end), { ...statusOf(206), headers });
}

/** The text of the stored response is lost on Workers, too. @param {number} status */
const statusOf = (status) => ({ status, statusText: http().STATUS_CODES[status] ?? '' });

refuse(Cache, ['add', 'addAll', 'matchAll', 'keys']);
refuse(CacheStorage, ['match', 'has', 'delete', 'keys']);
defineInterface(Cache);
defineInterface(CacheStorage);

/** @param {(name: string) => Call} storeOf */
const makeCaches = (storeOf) => new CacheStorage(kMake, storeOf);

module.exports = { Cache, CacheStorage, makeCaches };
