'use strict';
// R2MultipartUpload: an upload in parts (spec S8.7.1). Any number of these may stand for one upload; its state is in the store.

const { elementError, parameterError } = require('../../web/errors');
const { defineInterface } = require('../../web/interface');
const { kNotStorable } = require('../../storage/refusals');
const { toInt, toOptions } = require('../arguments');
const { checkKey, checkSize } = require('./r2-checks');
const { named } = require('./r2-errors');
const { makeHeadResult } = require('./r2-object');
const { checkNoKey } = require('./r2-options');
const { toSource } = require('./r2-value');

const kOwner = 'R2MultipartUpload';
const kMake = Symbol('make');
const kPartsMax = 10_000;
const kPartTypes = 'JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob';

class R2MultipartUpload {
  #call;
  #key;
  #id;
  #struct;

  /**
   * @param {symbol} make
   * @param {import('./r2-bucket').Call} call
   * @param {string} key
   * @param {string} id
   * @param {import('../struct').Struct} struct
   */
  constructor(make, call, key, id, struct) {
    if (make !== kMake) throw new TypeError('Illegal constructor');
    this.#call = call;
    this.#key = key;
    this.#id = id;
    this.#struct = struct;
    for (const [name, value] of Object.entries({ uploadId: id, key }))
      Object.defineProperty(this, name, { value, enumerable: true, configurable: true });
  }

  /** @param {any[]} args @returns {Promise<{partNumber: number, etag: string}>} */
  async uploadPart(...args) {
    if (args.length < 1) throw parameterError('uploadPart', kOwner, 1, 'integer');
    const number = toInt(args[0]);
    const source = toSource(args[1], () => parameterError('uploadPart', kOwner, 2, kPartTypes));
    const { ssecKey } = toOptions(args[2], 'uploadPart', kOwner, 3, 'UploadPartOptions');
    checkPartNumber(number);
    checkNoKey(ssecKey);
    const etag = await named('uploadPart', () => {
      checkKey(this.#key);
      checkSize(source.size);
      return this.#call('uploadPart', this.#key, this.#id, number, source);
    });
    return { partNumber: number, etag };
  }

  async abort() {
    await named('abortMultipartUpload', () => {
      checkKey(this.#key);
      return this.#call('abortUpload', this.#key, this.#id);
    });
  }

  /** @param {any[]} args */
  async complete(...args) {
    const [given] = args;
    if (!Array.isArray(given)) throw parameterError('complete', kOwner, 1, 'Array');
    const parts = given.map(toPart);
    for (const { number } of parts) checkPartNumber(number);
    const description = await named('completeMultipartUpload', () => {
      checkKey(this.#key);
      return this.#call('completeUpload', this.#key, this.#id, parts);
    });
    return makeHeadResult(description, this.#struct);
  }
}

/** @param {any} given @param {number} index @returns {{number: number, etag: string}} */
function toPart(given, index) {
  if (typeof given !== 'object' || given === null) throw elementError(index, 'UploadedPart');
  return { number: toInt(given.partNumber), etag: String(given.etag) };
}

/** @param {number} number */
function checkPartNumber(number) {
  if (number >= 1 && number <= kPartsMax) return;
  throw new TypeError(
    `Part number must be between 1 and ${kPartsMax} (inclusive). Actual value was: ${number}`,
  );
}

defineInterface(R2MultipartUpload);
Object.defineProperty(R2MultipartUpload.prototype, kNotStorable, { value: true });

/**
 * @param {import('./r2-bucket').Call} call
 * @param {string} key
 * @param {string} id
 * @param {import('../struct').Struct} struct
 */
const makeUpload = (call, key, id, struct) => new R2MultipartUpload(kMake, call, key, id, struct);

module.exports = { makeUpload };
