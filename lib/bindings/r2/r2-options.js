'use strict';
// The options of R2's methods, as the C++ classes of Workers take them: every field is converted first, in the order of their
// declaration, then checked (spec S0.1.7).

const { elementError, fieldError } = require('../../web/errors');
const { Headers } = require('../../web/fetch/headers');
const { optional, toInt } = require('../arguments');
const { fromHeaders, fromOptions } = require('./r2-conditions');
const { givenSums, kAlgorithms } = require('./r2-checksums');

/**
 * @typedef {object} HttpMetadata
 * @property {string} [contentType]
 * @property {string} [contentLanguage]
 * @property {string} [contentDisposition]
 * @property {string} [contentEncoding]
 * @property {string} [cacheControl]
 * @property {number} [cacheExpiry] milliseconds of the epoch
 *
 * @typedef {{offset?: number, length?: number, suffix?: number} | string} RangeOption a string is a Range header
 * @typedef {import('./r2-conditions').Conditions} Conditions
 */

/** Field and header, in the order in which objects show them. @type {[field: keyof HttpMetadata, header: string][]} */
const kHttpFields = [
  ['contentType', 'content-type'],
  ['contentLanguage', 'content-language'],
  ['contentDisposition', 'content-disposition'],
  ['contentEncoding', 'content-encoding'],
  ['cacheControl', 'cache-control'],
  ['cacheExpiry', 'expires'],
];

/** @param {any} value */
const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @param {any} value @param {string} field @param {string} struct @returns {string | undefined} */
function onlyString(value, field, struct) {
  if (value === undefined || typeof value === 'string') return value;
  throw fieldError(field, struct, 'string');
}

/** @param {any} value @param {string} field @param {string} struct @returns {number | undefined} */
function toTime(value, field, struct) {
  if (value === undefined) return undefined;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value;
  throw fieldError(field, struct, 'date');
}

/** @param {any} value @returns {Uint8Array | undefined} */
function bytesOf(value) {
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value?.[Symbol.toStringTag] === 'ArrayBuffer' ? new Uint8Array(value) : undefined;
}

/** @param {any} given @returns {Conditions | undefined} */
function toConditions(given) {
  if (given === undefined || given === null) return undefined;
  if (given instanceof Headers) return fromHeaders(/** @type {any} */ (given));
  const struct = 'Conditional';
  return fromOptions({
    etagMatches: onlyString(given.etagMatches, 'etagMatches', struct),
    etagDoesNotMatch: onlyString(given.etagDoesNotMatch, 'etagDoesNotMatch', struct),
    uploadedBefore: toTime(given.uploadedBefore, 'uploadedBefore', struct),
    uploadedAfter: toTime(given.uploadedAfter, 'uploadedAfter', struct),
    secondsGranularity: optional(given.secondsGranularity, Boolean),
  });
}

/** @param {any} given @returns {RangeOption | undefined} */
function toRangeOption(given) {
  if (given === undefined || given === null) return undefined;
  if (given instanceof Headers) return given.get('range') ?? undefined;
  const [offset, length, suffix] = [given.offset, given.length, given.suffix].map((value) =>
    optional(value, Number),
  );
  checkWhole(offset, 'range', 'Starting offset');
  checkWhole(length, 'range', 'Length');
  if (suffix !== undefined) {
    if (offset !== undefined) throw new TypeError('Suffix is incompatible with offset.');
    if (length !== undefined) throw new TypeError('Suffix is incompatible with length.');
    checkWhole(suffix, 'suffix', 'Suffix');
  }
  return { offset, length, suffix };
}

/** @param {number | undefined} value @param {string} what @param {string} name */
function checkWhole(value, what, name) {
  if (value === undefined) return;
  if (!(value >= 0))
    throw new RangeError(
      `Invalid ${what}. ${name} (${Number.isNaN(value) ? 'nan' : value}) must be greater than or equal to 0.`,
    );
  if (value % 1 > 0)
    throw new RangeError(
      `Invalid range. ${name} (${value}) must be an integer, not floating point.`,
    );
}

/** @param {any} given @returns {HttpMetadata | undefined} */
function toHttpMetadata(given) {
  if (given === undefined || given === null) return undefined;
  const isHeaders = given instanceof Headers;
  const struct = 'HttpMetadata';
  /** @type {Record<string, any>} */
  const result = {};
  for (const [field, header] of kHttpFields) {
    const value = isHeaders ? (given.get(header) ?? undefined) : given[field];
    if (value === undefined) continue;
    if (field !== 'cacheExpiry') result[field] = String(value);
    else result[field] = isHeaders ? Date.parse(value) : toTime(value, field, struct);
  }
  return result;
}

/** @param {any} given @returns {Record<string, string> | undefined} */
function toCustomMetadata(given) {
  if (given === undefined) return undefined;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
}

/**
 * Encryption with a key of the caller's own: the key is checked as on Workers, and then refused, for nothing here would encrypt.
 * @param {any} given
 */
function checkNoKey(given) {
  if (given === undefined) return;
  const bytes = bytesOf(given);
  const length = bytes === undefined ? String(given).length / 2 : bytes.byteLength;
  if (bytes === undefined && !/^[0-9a-f]+$/.test(String(given)))
    throw new Error('SSE-C Key has invalid format');
  if (length !== 32) throw new Error('SSE-C Key must be 32 bytes in length');
  throw new Error(
    'The option "ssecKey" of R2 is not supported by Holdfast: objects are not encrypted.',
  );
}

/** @param {any} value @param {string} field @param {string} struct @param {string} types */
function checkObject(value, field, struct, types) {
  if (value !== undefined && value !== null && !isObject(value))
    throw fieldError(field, struct, types);
}

/** @param {any} given @returns {{conditions?: Conditions, range?: RangeOption}} */
function getOptions({ onlyIf, range, ssecKey }) {
  checkObject(onlyIf, 'onlyIf', 'GetOptions', 'Conditional or Headers');
  const conditions = toConditions(onlyIf);
  checkObject(range, 'range', 'GetOptions', 'Range or Headers');
  const rangeOption = toRangeOption(range);
  checkNoKey(ssecKey);
  return { conditions, range: rangeOption };
}

/** @typedef {{http: HttpMetadata, custom: Record<string, string>}} Metadata */

/** @param {any} given @param {string} struct @returns {Metadata} */
function metadataOptions({ httpMetadata, customMetadata }, struct) {
  checkObject(httpMetadata, 'httpMetadata', struct, 'HttpMetadata or Headers');
  const isDictionary = isObject(customMetadata) && !Array.isArray(customMetadata);
  if (customMetadata !== undefined && !isDictionary)
    throw fieldError('customMetadata', struct, 'object');
  const http = toHttpMetadata(httpMetadata) ?? {};
  return { http, custom: toCustomMetadata(customMetadata) ?? {} };
}

/** @param {any} given @returns {Metadata & {conditions?: Conditions, sums: import('./r2-checksums').Sums}} */
function putOptions(given) {
  const struct = 'PutOptions';
  checkObject(given.onlyIf, 'onlyIf', struct, 'Conditional or Headers');
  const conditions = toConditions(given.onlyIf);
  const metadata = metadataOptions(given, struct);
  /** @type {Record<string, string | Uint8Array>} */
  const sums = {};
  for (const [field] of kAlgorithms) {
    const value = given[field];
    if (value === undefined) continue;
    const read = typeof value === 'string' ? value : bytesOf(value);
    if (read === undefined) throw fieldError(field, struct, 'BufferSource or string');
    sums[field] = read;
  }
  const checked = givenSums(sums);
  checkNoKey(given.ssecKey);
  return { ...metadata, conditions, sums: checked };
}

/** @param {any} given @returns {Metadata} */
function uploadOptions(given) {
  const metadata = metadataOptions(given, 'MultipartOptions');
  checkNoKey(given.ssecKey);
  return metadata;
}

/**
 * @typedef {object} ListOptions
 * @property {number} [limit]
 * @property {string} [prefix]
 * @property {string} [cursor]
 * @property {string} [delimiter]
 * @property {string} [startAfter]
 * @property {string[]} [include]
 */

/** @param {any} given @returns {ListOptions} */
function listOptions(given) {
  const struct = 'ListOptions';
  const number = optional(given.limit, toInt);
  const limit = number === -1 ? undefined : number; // on Workers -1 is how none is said
  const text = (/** @type {string} */ field) => onlyString(given[field], field, struct);
  const [prefix, cursor, delimiter, startAfter] = [
    'prefix',
    'cursor',
    'delimiter',
    'startAfter',
  ].map(text);
  const { include } = given;
  if (include !== undefined && !Array.isArray(include))
    throw fieldError('include', struct, 'Array');
  for (const [index, name] of (include ?? []).entries()) {
    if (typeof name !== 'string') throw elementError(index, 'string');
    if (name !== 'httpMetadata' && name !== 'customMetadata')
      throw new RangeError(`Unsupported include value ${name}`);
  }
  return { limit, prefix, cursor, delimiter, startAfter, include };
}

module.exports = {
  bytesOf,
  checkNoKey,
  getOptions,
  kHttpFields,
  listOptions,
  putOptions,
  uploadOptions,
};
