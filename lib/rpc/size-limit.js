'use strict';
// How large the arguments or the result of a call may be (spec S7.5.7), in the bytes that structured clone would write.
//
// In one thread nothing is written, so a copy only counts, generously. The few values whose count passes the limit are measured.

const { serialize } = require('../storage/value-codec');

/** A count up to this is not measured. */
const kBytesMax = 33_554_432;

/**
 * @param {unknown} value
 * @param {number} count
 * @throws {Error} it is too large
 */
function checkSize(value, count) {
  const size = measure(value) ?? count;
  if (size <= kBytesMax) return;
  throw new Error(
    `Serialized RPC arguments or return values are limited to 32MiB, but the size of this value was: ${size} bytes.`,
  );
}

/** @param {unknown} value @returns {number | undefined} undefined: it has parts without a stored form */
function measure(value) {
  try {
    return serialize(value).byteLength;
  } catch {
    return undefined;
  }
}

module.exports = { checkSize, kBytesMax };
