'use strict';
// The limits of R2, as the service behind a bucket checks them.

const { refusal } = require('./r2-errors');

const kKeyBytesMax = 1024;
/** Counted as the service does: a character beyond Latin-1 doubles the length of its text. */
const kMetadataBytesMax = 8192;
const kObjectBytesMax = 5 * 1024 ** 3 - 5 * 1024 ** 2;
const kPartBytesMin = 5 * 1024 ** 2;
const kListMax = 1000;
/** With metadata. */
const kListWithMetadataMax = 100;

/** @param {string} key */
function checkKey(key) {
  if (Buffer.byteLength(key) > kKeyBytesMax) throw refusal('objectName');
}

/** @param {Record<string, string>} custom */
function checkMetadata(custom) {
  const length = Object.entries(custom)
    .flat()
    .reduce((sum, text) => sum + lengthOf(text), 0);
  if (length > kMetadataBytesMax) throw refusal('metadataTooLarge');
}

/** @param {string} text */
const lengthOf = (text) => (/[^\0-\xff]/.test(text) ? text.length * 2 : text.length);

/** @param {number} size */
function checkSize(size) {
  if (size > kObjectBytesMax) throw refusal('objectTooLarge');
}

/** @param {number | undefined} given @param {boolean} withMetadata @returns {number} */
function listLimit(given, withMetadata) {
  if (given !== undefined && (given < 1 || given > kListMax)) throw refusal('maxKeys');
  return Math.min(given ?? kListMax, withMetadata ? kListWithMetadataMax : kListMax);
}

/**
 * What complete() makes of parts: all but the last have one size, and the last is not larger.
 * @param {{number: number, size: number}[]} parts in the order given
 */
function checkPartSizes(parts) {
  if (parts.slice(0, -1).some(({ size }) => size < kPartBytesMin)) throw refusal('partTooSmall');
  const sorted = [...parts].sort((a, b) => a.number - b.number);
  const last = sorted.pop();
  if (last === undefined || sorted.length === 0) return;
  const [{ size }] = sorted;
  const isEven = sorted.every((part) => part.size === size && part.size >= kPartBytesMin);
  if (!isEven || last.size > size) throw refusal('badUpload');
}

module.exports = { checkKey, checkMetadata, checkPartSizes, checkSize, listLimit };
