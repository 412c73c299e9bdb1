'use strict';
// R2Bucket: what an R2 binding puts on env (spec S8.7.1). Errors are those of Workers (r2-errors.js).

const { parameterError } = require('../../web/errors');
const { defineInterface } = require('../../web/interface');
const { kNotStorable } = require('../../storage/refusals');
const { toOptions } = require('../arguments');
const { piecesStream } = require('../blob-stream');
const { structOf } = require('../struct');
const checks = require('./r2-checks');
const { named } = require('./r2-errors');
const { makeGetResult, makeHeadResult } = require('./r2-object');
const { getOptions, listOptions, putOptions, uploadOptions } = require('./r2-options');
const { makeUpload } = require('./r2-upload');
const { isValue, toSource } = require('./r2-value');

const kOwner = 'R2Bucket';
const kMake = Symbol('make');
const kPutTypes = 'JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob';

/** @typedef {(method: string, ...args: any[]) => Promise<any>} Call of the store of this bucket */

class R2Bucket {
  /** @type {Call} */
  #call;
  /** Whatever `include` says: an old compatibility date. */
  #listsAllMetadata;
  #struct;

  /** @param {symbol} key @param {Call} call @param {Record<string, boolean>} flags of compatibility */
  constructor(key, call, flags) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#call = call;
    this.#listsAllMetadata = !flags.r2_list_honor_include;
    this.#struct = structOf(flags);
  }

  /** @param {any[]} args */
  async head(...args) {
    const key = toKey('head', args);
    const found = await named('head', () => {
      checks.checkKey(key);
      return this.#call('head', key);
    });
    return found === null ? null : makeHeadResult(found, this.#struct);
  }

  /** @param {any[]} args */
  async get(...args) {
    const key = toKey('get', args);
    const options = getOptions(toOptions(args[1], 'get', kOwner, 2, 'GetOptions'));
    const found = await named('get', () => {
      checks.checkKey(key);
      return this.#call('get', key, options);
    });
    if (found === null) return null;
    const { description, opened } = found;
    if (opened === undefined) return makeHeadResult(description, this.#struct);
    return makeGetResult(description, this.#struct, piecesStream(this.#call, opened));
  }

  /** @param {any[]} args */
  async put(...args) {
    const key = toKey('put', args);
    const typeError = () => parameterError('put', kOwner, 2, kPutTypes);
    if (args.length < 2) throw typeError();
    const given = args[1] ?? '';
    if (!isValue(given)) throw typeError();
    const options = putOptions(toOptions(args[2], 'put', kOwner, 3, 'PutOptions'));
    const source = toSource(given, typeError);
    const description = await named('put', () => {
      checks.checkKey(key);
      checks.checkSize(source.size);
      checks.checkMetadata(options.custom);
      return this.#call('put', key, source, options);
    });
    return description === null ? null : makeHeadResult(description, this.#struct);
  }

  /** @param {any[]} args */
  async delete(...args) {
    if (args.length === 0) throw parameterError('delete', kOwner, 1, 'string or Array');
    const keys = Array.isArray(args[0]) ? args[0].map(String) : [String(args[0])];
    await named('delete', () => {
      keys.forEach(checks.checkKey);
      return this.#call('delete', keys);
    });
  }

  /** @param {any[]} args */
  async list(...args) {
    const options = listOptions(toOptions(args[0], 'list', kOwner, 1, 'ListOptions'));
    const include = this.#listsAllMetadata
      ? ['httpMetadata', 'customMetadata']
      : (options.include ?? []);
    const { objects, cursor, delimitedPrefixes } = await named('list', () => {
      const limit = checks.listLimit(options.limit, include.length > 0);
      return this.#call('list', { ...options, include, limit });
    });
    return this.#struct({
      objects: objects.map((/** @type {any} */ each) => makeHeadResult(each, this.#struct)),
      truncated: cursor !== undefined,
      cursor,
      delimitedPrefixes,
    });
  }

  /** @param {any[]} args */
  async createMultipartUpload(...args) {
    const key = toKey('createMultipartUpload', args);
    const given = toOptions(args[1], 'createMultipartUpload', kOwner, 2, 'MultipartOptions');
    const { http, custom } = uploadOptions(given);
    const id = await named('createMultipartUpload', () => {
      checks.checkKey(key);
      checks.checkMetadata(custom);
      return this.#call('createUpload', key, http, custom);
    });
    return makeUpload(this.#call, key, id, this.#struct);
  }

  /** @param {any[]} args */
  resumeMultipartUpload(...args) {
    const key = toKey('resumeMultipartUpload', args);
    if (args.length < 2) throw parameterError('resumeMultipartUpload', kOwner, 2, 'string');
    return makeUpload(this.#call, key, String(args[1]), this.#struct);
  }
}

/** @param {string} method @param {any[]} args */
function toKey(method, args) {
  if (args.length === 0) throw parameterError(method, kOwner, 1, 'string');
  return String(args[0]);
}

defineInterface(R2Bucket);
Object.defineProperty(R2Bucket.prototype, kNotStorable, {
  value: 'An R2 bucket binding cannot be serialized.',
});

/** @param {Call} call @param {Record<string, boolean>} flags of compatibility */
const makeR2Bucket = (call, flags) => new R2Bucket(kMake, call, flags);

module.exports = { makeR2Bucket };
