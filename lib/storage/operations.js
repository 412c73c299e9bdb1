'use strict';
// The key-value operations that storage and transactions share (spec S3.2-S3.5).
//
// Each takes the arguments of the call as they were given, and the interface that is named when one of them is refused.

const { deserialize } = require('./value-codec');
const { checkGiven, checkOptions, checkRange, isObject, toKey, toRange } = require('./arguments');
const { writesOf } = require('./unconfirmed-writes');

/** @typedef {import('./object-store').ObjectStore} ObjectStore */

const kPutUsage =
  'put() may only be called with a single key-value pair and optional options as put(key, value, options) or with multiple key-value pairs and optional options as put(entries, options)';

const kNoCheck = () => {};

/** What an async method returns when it has nothing to say: as a promise, for the turns that it takes. @type {Promise<void>} */
const kDone = Promise.resolve();

/** @param {ObjectStore} store @param {ArrayLike<any>} given @param {string} owner @param {() => void} [check] once the arguments are fine */
function get(store, given, owner, check = kNoCheck) {
  checkGiven(given, 1, 'get', owner, 'string or Array');
  const keys = toKeys(given[0]);
  checkOptions(given[1], 2, 'get', owner, 'GetOptions');
  check();
  if (typeof keys === 'string') return store.kvGet(keys);
  const found = new Map();
  for (const key of sortedUnique(keys)) {
    const row = store.kvFind(key);
    if (row !== undefined) found.set(key, row.value);
  }
  return found;
}

/** @param {unknown} keyOrKeys @returns {string | string[]} */
const toKeys = (keyOrKeys) => (Array.isArray(keyOrKeys) ? keyOrKeys.map(toKey) : toKey(keyOrKeys));

// Ascending by UTF-8 bytes, which is code point order and not JavaScript's (S3.5.7).
/** @param {string[]} keys */
function sortedUnique(keys) {
  const unique = [...new Set(keys)];
  if (unique.length < 2) return unique;
  const encoded = unique.map((key) => /** @type {[Buffer, string]} */ ([Buffer.from(key), key]));
  return encoded.sort(([a], [b]) => Buffer.compare(a, b)).map(([, key]) => key);
}

/** @param {ObjectStore} store @param {ArrayLike<any>} given @param {string} owner @param {() => void} [check] once the arguments are fine */
function put(store, given, owner, check = kNoCheck) {
  checkGiven(given, 1, 'put', owner, 'string or object');
  const { 0: keyOrEntries, 1: value } = given;
  const isEntries = isObject(keyOrEntries) && !Array.isArray(keyOrEntries);
  const key = isEntries ? '' : toKey(keyOrEntries);
  checkOptions(given[2], 3, 'put', owner, 'PutOptions');
  if (isEntries) {
    if (value !== undefined && value !== null && !isObject(value)) throw new TypeError(kPutUsage);
    check();
    putEntries(writesOf(store, value), keyOrEntries);
    return;
  }
  if (value === undefined) throw new TypeError('put() called with undefined value.');
  check();
  writesOf(store, given[2]).kvPut(key, value);
}

/** @param {Pick<ObjectStore, 'kvPutAll'>} store @param {Record<string, any>} entries */
function putEntries(store, entries) {
  store.kvPutAll(Object.entries(entries).filter(([, item]) => item !== undefined));
}

/**
 * The keys of delete(), which throws what it does not like instead of rejecting (S3.4).
 * @param {ArrayLike<any>} given @param {string} owner @returns {string | string[]}
 */
function keysToRemove(given, owner) {
  checkGiven(given, 1, 'delete', owner, 'string or Array');
  const keys = toKeys(given[0]);
  checkOptions(given[1], 2, 'delete', owner, 'PutOptions');
  return keys;
}

/** In as many turns as an async method that returns a promise. @template T @param {T} value @returns {Promise<T>} */
const inTurns = async (value) => Promise.resolve(value);

/** Throws what the database refuses, too. @param {ObjectStore} store @param {string | string[]} keys @param {any} options @returns {Promise<boolean | number>} */
function remove(store, keys, options) {
  const writes = writesOf(store, options);
  if (typeof keys === 'string') return inTurns(writes.kvDelete(keys));
  let count = 0;
  for (const key of new Set(keys)) {
    if (writes.kvDelete(key)) count += 1;
  }
  return inTurns(count);
}

/** @param {ObjectStore} store @param {any} options @param {string} owner @param {() => void} [check] once the options are fine */
function list(store, options, owner, check = kNoCheck) {
  const range = checkRange(toRange(options, owner));
  check();
  const rows = store.kvList(range);
  const map = new Map();
  for (let i = 0; i < rows.length; i += 2) map.set(rows[i], deserialize(rows[i + 1], store.codec));
  return map;
}

module.exports = { get, put, kDone, keysToRemove, remove, list };
