'use strict';
// valueBytes: the values that KV takes, as bytes of their own.

// @types/node 20 does not know it.
const { isDisturbed } = /** @type {any} */ (require('node:stream'));
const { checkValueLength } = require('./kv-checks');

const kRefused =
  'KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.';

/**
 * @param {any} value what is no object counts as its text
 * @returns {Uint8Array | Promise<Uint8Array>} a promise for a stream
 * @throws {Error} when it is too long
 */
function valueBytes(value) {
  if (value instanceof ReadableStream) return readAll(value);
  const bytes = bytesOf(value);
  checkValueLength(bytes.byteLength);
  return bytes;
}

/** @param {any} value @throws {TypeError} KV does not take it */
function checkValueType(value) {
  if (!(value instanceof ReadableStream)) {
    if (isObject(value) && !ArrayBuffer.isView(value) && !isBuffer(value))
      throw new TypeError(kRefused);
  } else if (value.locked) throw new TypeError('The ReadableStream has been locked to a reader.');
  else if (isDisturbed(value)) throw new TypeError('This ReadableStream is disturbed.');
}

/** @param {any} value */
const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @param {any} value */
const isBuffer = (value) => value[Symbol.toStringTag] === 'ArrayBuffer';

/** @param {any} value @returns {Uint8Array} */
function bytesOf(value) {
  if (!isObject(value)) return new TextEncoder().encode(String(value));
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (isBuffer(value)) return new Uint8Array(value).slice();
  throw new TypeError(kRefused);
}

/** The length that is too much is told, so it is read to its end. @param {ReadableStream} stream @returns {Promise<Uint8Array>} */
async function readAll(stream) {
  const parts = [];
  let length = 0;
  for await (const chunk of /** @type {any} */ (stream)) {
    const bytes = bytesOf(chunk);
    length += bytes.byteLength;
    if (length <= kKeptMax) parts.push(bytes);
  }
  checkValueLength(length);
  return new Uint8Array(Buffer.concat(parts));
}

/** What is longer is refused in the end. */
const kKeptMax = 32 * 1024 * 1024;

module.exports = { checkValueType, valueBytes };
