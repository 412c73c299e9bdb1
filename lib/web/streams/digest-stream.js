// crypto.DigestStream and crypto.subtle.timingSafeEqual (S9.2).
'use strict';

const nodeCrypto = require('node:crypto');
const { parameterError } = require('../errors.js');

const ALGORITHMS = new Set(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'MD5']);

/** @param {any} algorithm @returns {string} Node's name of the hash. */
function hashName(algorithm) {
  const name = `${typeof algorithm === 'string' ? algorithm : algorithm?.name}`.toUpperCase();
  if (!ALGORITHMS.has(name)) {
    throw new DOMException(
      'Unrecognized or unimplemented digest algorithm requested.',
      'NotSupportedError',
    );
  }
  return name.replace('-', '').toLowerCase();
}

/** @param {any} value @returns {Uint8Array | null} */
function viewOf(value) {
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value?.[Symbol.toStringTag] === 'ArrayBuffer' ? new Uint8Array(value) : null;
}

class DigestStream extends WritableStream {
  #digest;
  #state;

  /** @param {string | {name: string}} algorithm */
  constructor(algorithm) {
    const hash = nodeCrypto.createHash(hashName(algorithm));
    const state = { bytesWritten: 0n };
    /** @type {(digest: ArrayBuffer) => void} */
    let resolve;
    /** @type {(error: unknown) => void} */
    let reject;
    const digest = new Promise((ok, fail) => {
      resolve = ok;
      reject = fail;
    });
    digest.catch(() => {});
    super({
      write(chunk) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : viewOf(chunk);
        if (bytes === null) {
          const error = new TypeError(
            'DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.',
          );
          reject(error);
          throw error;
        }
        state.bytesWritten += BigInt(bytes.byteLength);
        hash.update(bytes);
      },
      close: () => resolve(new Uint8Array(hash.digest()).buffer),
      abort: (reason) => reject(reason),
    });
    this.#digest = digest;
    this.#state = state;
  }

  /** @returns {Promise<any>} An ArrayBuffer, once the stream is closed. */
  get digest() {
    return this.#digest;
  }

  /** @returns {bigint} */
  get bytesWritten() {
    return this.#state.bytesWritten;
  }
}

/** @param {any} a @param {any} b @returns {boolean} */
function timingSafeEqual(a, b) {
  const views = [a, b].map((value, i) => {
    const view = viewOf(value);
    if (view === null)
      throw parameterError('timingSafeEqual', 'SubtleCrypto', i + 1, 'BufferSource');
    return view;
  });
  if (views[0].byteLength !== views[1].byteLength) {
    throw new TypeError('Input buffers must have the same byte length.');
  }
  return nodeCrypto.timingSafeEqual(views[0], views[1]);
}

module.exports = { DigestStream, timingSafeEqual };
