'use strict';
// Checksums of R2 objects: those a caller gives with put(), those that are computed, and what an object shows of them.

const { createHash } = require('node:crypto');
const { defineInterface } = require('../../web/interface');
const { badDigest } = require('./r2-errors');

/** @type {[field: string, name: string, bytes: number][]} */
const kAlgorithms = [
  ['md5', 'MD5', 16],
  ['sha1', 'SHA-1', 20],
  ['sha256', 'SHA-256', 32],
  ['sha384', 'SHA-384', 48],
  ['sha512', 'SHA-512', 64],
];

/** @typedef {Record<string, string>} Sums hexadecimal, by the name of their field */

/**
 * The one checksum that options may have.
 * @param {Record<string, string | Uint8Array | undefined>} given
 * @returns {Sums}
 */
function givenSums(given) {
  /** @type {Sums} */
  const sums = {};
  for (const [field, name, bytes] of kAlgorithms) {
    const value = given[field];
    if (value === undefined) continue;
    if (Object.keys(sums).length > 0)
      throw new TypeError('You cannot specify multiple hashing algorithms.');
    sums[field] =
      typeof value === 'string' ? fromHex(value, name, bytes) : fromBytes(value, name, bytes);
  }
  return sums;
}

/** @param {string} hex @param {string} name @param {number} bytes */
function fromHex(hex, name, bytes) {
  const length = Buffer.byteLength(hex);
  if (length !== bytes * 2)
    throw new TypeError(`${name} is ${bytes * 2} hex characters, not ${length}`);
  if (!/^[0-9a-f]*$/i.test(hex)) throw new TypeError(`Provided ${name} wasn't a valid hex string`);
  return hex.toLowerCase();
}

/** @param {Uint8Array} value @param {string} name @param {number} bytes */
function fromBytes(value, name, bytes) {
  if (value.byteLength !== bytes)
    throw new TypeError(`${name} is ${bytes} bytes, not ${value.byteLength}`);
  return Buffer.from(value).toString('hex');
}

/** The sums of bytes as they pass: MD5 always, for it is the etag. */
class RunningSums {
  #given;
  /** @type {Map<string, import('node:crypto').Hash>} */
  #hashes;

  /** @param {Sums} given */
  constructor(given) {
    this.#given = given;
    const fields = new Set(['md5', ...Object.keys(given)]);
    this.#hashes = new Map([...fields].map((field) => [field, createHash(field)]));
  }

  /** @param {Uint8Array} chunk */
  add(chunk) {
    for (const hash of this.#hashes.values()) hash.update(chunk);
  }

  /** @returns {{md5: string, checked: Sums}} `checked` are those that were given @throws {R2Refusal} when one is another */
  end() {
    const sums = Object.fromEntries(
      [...this.#hashes].map(([field, hash]) => [field, hash.digest('hex')]),
    );
    /** @type {Sums} */
    const checked = {};
    for (const [field, name] of kAlgorithms) {
      const given = this.#given[field];
      if (given === undefined) continue;
      if (given !== sums[field]) throw badDigest(name, given, sums[field]);
      checked[field] = given;
    }
    return { md5: sums.md5, checked };
  }
}

/** `checksums` of an object. Own properties, as Workers has them. */
class Checksums {
  /** @type {Sums} */
  #sums;
  #struct;

  /** @param {Sums} sums @param {import('../struct').Struct} struct */
  constructor(sums, struct) {
    this.#sums = sums;
    this.#struct = struct;
    for (const [field] of [...kAlgorithms].reverse()) {
      const value = sums[field] === undefined ? undefined : bufferOf(sums[field]);
      Object.defineProperty(this, field, { value, enumerable: true, configurable: true });
    }
  }

  /** @returns {Record<string, string | undefined>} hexadecimal */
  toJSON() {
    return this.#struct(
      Object.fromEntries(kAlgorithms.map(([field]) => [field, this.#sums[field]])),
    );
  }
}

/** @param {string} hex @returns {ArrayBuffer} */
const bufferOf = (hex) => Uint8Array.from(Buffer.from(hex, 'hex')).buffer;

defineInterface(Checksums);

module.exports = { Checksums, RunningSums, givenSums, kAlgorithms };
