'use strict';
// What KV refuses, with the texts of Workers: the class of the binding checks names, what is behind it checks the rest and answers
// with a status.

const kKeyBytesMax = 512;
const kMetadataBytesMax = 1024;
const kValueBytesMax = 25 * 1024 * 1024;
const kListKeysMax = 1000;
const kBulkKeysMax = 100;
const kCacheTtlMin = 30;
const kExpirationTtlMin = 60;

/** @param {string} method @param {number} status @param {string} text */
const failed = (method, status, text) => new Error(`KV ${method} failed: ${status} ${text}`);

/** @param {string} method @param {string} name */
function checkName(method, name) {
  if (name === '') throw new TypeError('Key name cannot be empty.');
  if (name === '.' || name === '..') throw new TypeError(`"${name}" is not allowed as a key name.`);
  checkLength(method, name);
}

/** @param {string} method @param {string} name */
function checkLength(method, name) {
  const length = Buffer.byteLength(name);
  if (length <= kKeyBytesMax) return;
  const text = `UTF-8 encoded length of ${length} exceeds key length limit of ${kKeyBytesMax}.`;
  throw failed(method, 414, text);
}

/** In miniflare's order. @param {string[]} names @param {string | undefined} type @param {number | undefined} cacheTtl seconds */
function checkBulk(names, type, cacheTtl) {
  if (type && type !== 'text' && type !== 'json')
    throw failed('GET_BULK', 400, `"${type}" is not a valid type. Use "json" or "text"`);
  if (names.length > kBulkKeysMax)
    throw failed('GET_BULK', 400, `You can request a maximum of ${kBulkKeysMax} keys`);
  if (names.length < 1) throw failed('GET_BULK', 400, 'You must request a minimum of 1 key');
  for (const name of names) {
    if (name === '') throw failed('GET_BULK', 400, 'Key names must not be empty');
    if (name === '.' || name === '..') {
      const text = `Illegal key name "${name}". Please use a different name.`;
      throw failed('GET_BULK', 400, text);
    }
    checkLength('GET_BULK', name);
    checkCacheTtl('GET_BULK', cacheTtl);
  }
}

/** @param {string} method @param {number | undefined} cacheTtl seconds */
function checkCacheTtl(method, cacheTtl) {
  if (cacheTtl === undefined || cacheTtl >= kCacheTtlMin) return;
  const text = `Invalid cache_ttl of ${cacheTtl}. Cache TTL must be at least ${kCacheTtlMin}.`;
  throw failed(method, 400, text);
}

/**
 * @param {number | undefined} ttl seconds; wins
 * @param {number | undefined} at seconds of the epoch
 * @param {number} now the same
 * @returns {number | null} seconds of the epoch
 */
function expirationOf(ttl, at, now) {
  if (ttl !== undefined) {
    const bad = `Invalid expiration_ttl of ${ttl}.`;
    if (ttl <= 0) throw failed('PUT', 400, `${bad} Please specify integer greater than 0.`);
    if (ttl < kExpirationTtlMin)
      throw failed('PUT', 400, `${bad} Expiration TTL must be at least ${kExpirationTtlMin}.`);
    return now + ttl;
  }
  if (at === undefined) return null;
  const bad = `Invalid expiration of ${at}.`;
  if (at <= now) {
    const text = `${bad} Please specify integer greater than the current number of seconds since the UNIX epoch.`;
    throw failed('PUT', 400, text);
  }
  if (at < now + kExpirationTtlMin) {
    const text = `${bad} Expiration times must be at least ${kExpirationTtlMin} seconds in the future.`;
    throw failed('PUT', 400, text);
  }
  return at;
}

/** @param {string | null} metadata JSON */
function checkMetadata(metadata) {
  const length = metadata === null ? 0 : Buffer.byteLength(metadata);
  if (length <= kMetadataBytesMax) return;
  throw failed('PUT', 413, `Metadata length of ${length} exceeds limit of ${kMetadataBytesMax}.`);
}

/** @param {number} length bytes */
function checkValueLength(length) {
  if (length <= kValueBytesMax) return;
  throw failed('PUT', 413, `Value length of ${length} exceeds limit of ${kValueBytesMax}.`);
}

/** @param {number | undefined} given @returns {number} */
function listLimit(given) {
  if (given === undefined || given <= 0) return kListKeysMax;
  if (given <= kListKeysMax) return given;
  const text = `Invalid key_count_limit of ${given}. Please specify an integer less than ${kListKeysMax}.`;
  throw failed('GET', 400, text);
}

module.exports = {
  checkBulk,
  checkCacheTtl,
  checkLength,
  checkMetadata,
  checkName,
  checkValueLength,
  expirationOf,
  failed,
  listLimit,
};
