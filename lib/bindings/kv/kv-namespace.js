'use strict';
// KvNamespace: what a KV binding puts on env (spec S8.7.1). Errors are those of Workers (kv-checks.js).

const { parameterError } = require('../../web/errors');
const { defineInterface } = require('../../web/interface');
const { kNotStorable } = require('../../storage/refusals');
const { optional, toInt, toOptions } = require('../arguments');
const checks = require('./kv-checks');
const { checkValueType, valueBytes } = require('./kv-value');
const { time } = require('../../time');

const kOwner = 'KvNamespace';
const kMake = Symbol('make');
const kTypes =
  'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** @typedef {(method: string, ...args: any[]) => Promise<any>} Call of the store of this namespace */

/** @param {unknown} value */
const isObject = (value) => typeof value === 'object' || typeof value === 'function';

class KvNamespace {
  /** @type {Call} */
  #call;

  /** @param {symbol} key @param {Call} call */
  constructor(key, call) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#call = call;
  }

  /** @param {any[]} args */
  get(...args) {
    const [name, options] = this.#getArguments('get', args);
    if (Array.isArray(name)) return this.#getBulk(name, options, false);
    return this.#getSingle(name, options, 'GET').then(({ value }) => value);
  }

  /** @param {any[]} args */
  getWithMetadata(...args) {
    const [name, options] = this.#getArguments('getWithMetadata', args);
    if (Array.isArray(name)) return this.#getBulk(name, options, true);
    checks.checkName('GET', name); // throws, where get() rejects
    return this.#getSingle(name, options, 'GET');
  }

  /** @param {string} method @param {any[]} args @returns {[string | string[], {type?: string, cacheTtl?: number}]} */
  #getArguments(method, args) {
    if (args.length === 0) throw parameterError(method, kOwner, 1, 'string or Array');
    const name = Array.isArray(args[0]) ? args[0].map(String) : String(args[0]);
    const isType = args[1] !== undefined && !isObject(args[1]);
    if (isType) return [name, { type: String(args[1]) }];
    const given = args[1] ?? {};
    return [
      name,
      { type: optional(given.type, String), cacheTtl: optional(given.cacheTtl, toInt) },
    ];
  }

  /**
   * @param {string} name
   * @param {{type?: string, cacheTtl?: number}} options
   * @param {string} method
   */
  async #getSingle(name, { type = 'text', cacheTtl }, method) {
    checks.checkName(method, name);
    checks.checkCacheTtl(method, cacheTtl);
    const found = await this.#call('get', encoder.encode(name));
    if (found === null) return { value: null, metadata: null, cacheStatus: null };
    const { value, metadata } = found;
    return {
      value: valueAs(type, value),
      metadata: metadata === null ? null : JSON.parse(metadata),
      cacheStatus: null,
    };
  }

  /**
   * @param {string[]} names
   * @param {{type?: string, cacheTtl?: number}} options
   * @param {boolean} withMetadata
   * @returns {Promise<Map<string, any>>}
   */
  async #getBulk(names, { type, cacheTtl }, withMetadata) {
    checks.checkBulk(names, type, cacheTtl);
    const distinct = [...new Set(names)];
    const found = await Promise.all(
      distinct.map((name) => this.#call('get', encoder.encode(name))),
    );
    return new Map(
      distinct.map((name, i) => {
        if (found[i] === null) return [name, null];
        const value = bulkValue(type, found[i].value);
        if (!withMetadata) return [name, value];
        const { metadata } = found[i];
        return [name, { value, metadata: metadata === null ? null : JSON.parse(metadata) }];
      }),
    );
  }

  /** @param {any[]} args */
  async put(...args) {
    if (args.length === 0) throw parameterError('put', kOwner, 1, 'string');
    const name = String(args[0]);
    if (args.length === 1) throw parameterError('put', kOwner, 2, 'string or Object');
    const options = toOptions(args[2], 'put', kOwner, 3, 'PutOptions');
    const { metadata: given } = options;
    const at = optional(options.expiration, toInt);
    const ttl = optional(options.expirationTtl, toInt);
    checks.checkName('PUT', name);
    checkValueType(args[1]);
    const metadata = given === undefined || given === null ? null : JSON.stringify(given);
    const expiration = checks.expirationOf(ttl, at, Math.floor(time.now() / 1000));
    checks.checkMetadata(metadata);
    const value = valueBytes(args[1]);
    const bytes = value instanceof Promise ? await value : value;
    const key = encoder.encode(name);
    await this.#call('put', key, bytes, expiration === null ? null : expiration * 1000, metadata);
  }

  /** @param {any[]} args */
  async delete(...args) {
    if (args.length === 0) throw parameterError('delete', kOwner, 1, 'string');
    const name = String(args[0]);
    checks.checkName('DELETE', name);
    await this.#call('delete', encoder.encode(name));
  }

  /** @param {any[]} args */
  async list(...args) {
    const options = toOptions(args[0], 'list', kOwner, 1, 'ListOptions');
    const limit = checks.listLimit(optional(options.limit, toInt));
    const prefix = String(options.prefix ?? '');
    checks.checkLength('GET', prefix);
    const after = Buffer.from(String(options.cursor ?? ''), 'base64');
    const rows = await this.#call('list', encoder.encode(prefix), new Uint8Array(after), limit + 1);
    const page = rows.slice(0, limit);
    const keys = page.map(listed);
    if (rows.length <= limit) return { keys, list_complete: true, cacheStatus: null };
    const cursor = Buffer.from(page[limit - 1].name).toString('base64');
    return { keys, list_complete: false, cursor, cacheStatus: null };
  }
}

/** @param {{name: ArrayBuffer, expiration: number | null, metadata: string | null}} row */
function listed({ name, expiration, metadata }) {
  return {
    name: decoder.decode(name),
    ...(expiration === null ? {} : { expiration: expiration / 1000 }),
    ...(metadata === null ? {} : { metadata: JSON.parse(metadata) }),
  };
}

/** @param {string} type @param {Uint8Array} value */
function valueAs(type, value) {
  if (type === 'text') return decoder.decode(value);
  if (type === 'json') return JSON.parse(decoder.decode(value));
  if (type === 'arrayBuffer') return value.buffer;
  if (type === 'stream') return new Response(value).body;
  throw new TypeError(kTypes);
}

/** @param {string | undefined} type @param {Uint8Array} value */
function bulkValue(type, value) {
  const text = decoder.decode(value);
  if (type !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    const why = 'At least one of the requested keys corresponds to a non-json value';
    throw checks.failed('GET_BULK', 400, why);
  }
}

defineInterface(KvNamespace);
Object.defineProperty(KvNamespace.prototype, kNotStorable, {
  value: 'A KV namespace binding cannot be serialized.',
});

/** @param {Call} call */
const makeKvNamespace = (call) => new KvNamespace(kMake, call);

module.exports = { makeKvNamespace };
