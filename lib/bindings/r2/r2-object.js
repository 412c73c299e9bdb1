'use strict';
// HeadResult and GetResult: the objects of a bucket as its users see them (spec S8.7.1), with the names that Workers shows.

const { parameterError } = require('../../web/errors');
const { Headers } = require('../../web/fetch/headers');
const { defineInterface } = require('../../web/interface');
const { Response } = require('../../web/fetch/response');
const { kNotStorable } = require('../../storage/refusals');
const { Checksums } = require('./r2-checksums');
const { kHttpFields } = require('./r2-options');

const kMake = Symbol('make');

/** @typedef {import('../struct').Struct} Struct */

/**
 * An object as the store describes it.
 * @typedef {object} Description
 * @property {string} key
 * @property {string} version
 * @property {number} size bytes
 * @property {string} etag
 * @property {number} uploaded milliseconds of the epoch
 * @property {import('./r2-checksums').Sums} checksums
 * @property {import('./r2-options').HttpMetadata} [http]
 * @property {Record<string, string>} [custom]
 * @property {{offset: number, length: number}} [range]
 */

class HeadResult {
  /** @param {symbol} make @param {Description} description @param {Struct} struct */
  constructor(make, description, struct) {
    if (make !== kMake) throw new TypeError('Illegal constructor');
    const { key, version, size, etag, uploaded, checksums, http, custom, range } = description;
    // In the order that Workers shows them.
    define(this, {
      ssecKeyMd5: undefined,
      storageClass: '',
      range: range && struct({ ...range, suffix: undefined }),
      customMetadata: custom,
      httpMetadata: http && struct(shownMetadata(http)),
      uploaded: new Date(uploaded),
      checksums: new Checksums(checksums, struct),
      httpEtag: `"${etag}"`,
      etag,
      size,
      version,
      key,
    });
  }

  /** @param {any[]} args */
  writeHttpMetadata(...args) {
    const [headers] = args;
    if (!(headers instanceof Headers))
      throw parameterError('writeHttpMetadata', 'HeadResult', 1, 'Headers');
    const { key, httpMetadata } = /** @type {any} */ (this);
    if (httpMetadata === undefined) {
      throw new TypeError(
        `HTTP metadata unknown for key \`${key}\`. Did you forget to add 'httpMetadata' to \`include\` when listing?`,
      );
    }
    for (const [field, header] of kHttpFields) {
      const value = httpMetadata[field];
      if (value !== undefined)
        headers.set(header, field === 'cacheExpiry' ? value.toUTCString() : value);
    }
  }
}

/** Read-only, and own properties as on Workers. @param {object} target @param {Record<string, any>} values */
function define(target, values) {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true });
}

/** @param {import('./r2-options').HttpMetadata} http */
function shownMetadata(http) {
  /** @type {Record<string, any>} */
  const shown = {};
  for (const [field] of kHttpFields) {
    const value = http[field];
    const isTime = field === 'cacheExpiry' && value !== undefined;
    shown[field] = isTime ? new Date(value) : value;
  }
  return shown;
}

class GetResult extends HeadResult {
  #body;
  /** Reads the body: its rules are those of a response's. */
  #reader;

  /** @param {symbol} make @param {Description} description @param {Struct} struct @param {ReadableStream} body */
  constructor(make, description, struct, body) {
    super(make, description, struct);
    this.#body = body;
    this.#reader = new Response(body);
  }

  get body() {
    return this.#body;
  }

  get bodyUsed() {
    return this.#reader.bodyUsed;
  }

  async arrayBuffer() {
    return this.#reader.arrayBuffer();
  }

  async bytes() {
    return this.#reader.bytes();
  }

  async text() {
    return this.#reader.text();
  }

  async json() {
    return this.#reader.json();
  }

  async blob() {
    const type = /** @type {any} */ (this).httpMetadata.contentType ?? '';
    return new Blob([await this.#reader.arrayBuffer()], { type });
  }
}

for (const Class of [HeadResult, GetResult]) {
  defineInterface(Class);
  Object.defineProperty(Class.prototype, kNotStorable, { value: true });
}

/** @param {Description} description @param {Struct} struct */
const makeHeadResult = (description, struct) => new HeadResult(kMake, description, struct);

/** @param {Description} description @param {Struct} struct @param {ReadableStream} body */
const makeGetResult = (description, struct, body) =>
  new GetResult(kMake, description, struct, body);

module.exports = { makeGetResult, makeHeadResult };
