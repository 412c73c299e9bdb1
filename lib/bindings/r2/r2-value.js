'use strict';
// toSource: the values that put() and uploadPart() take, as bytes in pieces.

const { knownLength } = require('../../web/streams/identity-transform-stream');
const { bytesOf } = require('./r2-options');

const kUnknownLength =
  'Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)';
/** A long value goes to the store in pieces like a stream. */
const kPieceBytes = 1024 * 1024;
/** Code units of a string that have no more bytes than a piece. */
const kPieceUnits = Math.floor(kPieceBytes / 3);

/**
 * @typedef {object} Source
 * @property {AsyncIterable<Uint8Array>} chunks
 * @property {number} size what the value says it has
 * @property {Uint8Array} [bytes] all of it, when it is at hand
 */

/**
 * @param {any} value
 * @param {() => Error} typeError
 * @returns {Source}
 */
function toSource(value, typeError) {
  if (value instanceof ReadableStream) {
    if (value.locked) throw new TypeError('The ReadableStream has been locked to a reader.');
    const size = knownLength(value);
    if (size === undefined) throw new TypeError(kUnknownLength);
    return { chunks: bytesIn(value), size };
  }
  if (typeof value === 'string') return ofString(value);
  if (value instanceof Blob) return { chunks: bytesIn(value.stream()), size: value.size };
  const bytes = bytesOf(value);
  if (bytes === undefined) throw typeError();
  return ofBytes(bytes.slice());
}

/** @param {any} value @returns {boolean} whether toSource() knows its type */
const isValue = (value) =>
  typeof value === 'string' ||
  value instanceof ReadableStream ||
  value instanceof Blob ||
  bytesOf(value) !== undefined;

/** @param {Uint8Array} bytes nobody else has @returns {Source} */
const ofBytes = (bytes) => ({ chunks: slices(bytes), size: bytes.byteLength, bytes });

/** @param {string} text @returns {Source} */
function ofString(text) {
  if (text.length <= kPieceUnits) return ofBytes(new TextEncoder().encode(text));
  return { chunks: encoded(text), size: Buffer.byteLength(text) };
}

/** @param {string} text */
async function* encoded(text) {
  for (let at = 0; at < text.length;) {
    const end = at + kPieceUnits;
    // Both halves of a character are in one piece.
    const isSplit = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(end - 1, end + 1));
    const next = isSplit ? end - 1 : end;
    yield new TextEncoder().encode(text.slice(at, next));
    at = next;
  }
}

/** @param {Uint8Array} bytes */
async function* slices(bytes) {
  for (let at = 0; at < bytes.byteLength; at += kPieceBytes)
    yield bytes.subarray(at, at + kPieceBytes);
}

/** @param {any} stream */
async function* bytesIn(stream) {
  for await (const chunk of stream) {
    const bytes = bytesOf(chunk);
    if (bytes === undefined) throw new TypeError('This ReadableStream did not return bytes.');
    yield bytes;
  }
}

module.exports = { isValue, toSource };
