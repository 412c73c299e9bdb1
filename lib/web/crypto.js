// Crypto and SubtleCrypto: the global `crypto` of Workers (S9.2): Node's Web Crypto, with `DigestStream`, `timingSafeEqual()`, MD5, and
// the older names of Ed25519.
//
// A Worker's `crypto` is an object of its own: the process's stays as it is. Keys are Node's.
'use strict';

const nodeCrypto = require('node:crypto');
const { types } = require('node:util');
const { DigestStream, timingSafeEqual } = require('./streams/digest-stream.js');
const { parameterError } = require('./errors.js');
const { defineInterface } = require('./interface.js');
const { settings } = require('./settings.js');

const kMake = Symbol('make');
const kRandomBytesMax = 65_536;

/** Loaded when it is first used. */
const subtle = () => /** @type {any} */ (nodeCrypto.webcrypto.subtle);

/** How many arguments each takes, and the name of the type of those that code leaves out most. */
const METHODS = {
  encrypt: 3,
  decrypt: 3,
  sign: 3,
  verify: 4,
  digest: 2,
  generateKey: 3,
  deriveKey: 5,
  deriveBits: 2,
  importKey: 5,
  exportKey: 2,
  wrapKey: 4,
  unwrapKey: 7,
};

class SubtleCrypto {
  /** @param {symbol} key */
  constructor(key) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
  }

  /** @param {any} a @param {any} b @returns {boolean} */
  timingSafeEqual(a, b) {
    return timingSafeEqual(a, b);
  }
}

for (const [name, count] of Object.entries(METHODS)) {
  const method = {
    /** @param {...any} args */
    async [name](...args) {
      if (name === 'digest') return digest(args);
      if (name === 'exportKey') return exportKey(args);
      return settings.asIfAtOnce(subtle()[name](...args.map(toNodeAlgorithm)));
    },
  }[name];
  Object.defineProperty(method, 'length', { value: count, configurable: true });
  Object.defineProperty(SubtleCrypto.prototype, name, {
    value: method,
    writable: true,
    configurable: true,
  });
}

/** @param {any[]} args @returns {Promise<ArrayBuffer>} */
function digest(args) {
  const [algorithm, data] = args;
  const name = `${typeof algorithm === 'string' ? algorithm : algorithm?.name}`.toUpperCase();
  const isBytes = ArrayBuffer.isView(data) || data?.[Symbol.toStringTag] === 'ArrayBuffer';
  if (!isBytes) throw parameterError('digest', 'SubtleCrypto', 2, 'BufferSource');
  if (name === 'MD5') return Promise.resolve(md5(data));
  if (!/^SHA-(1|256|384|512)$/.test(name)) {
    throw new DOMException(
      'Unrecognized or unimplemented digest algorithm requested.',
      'NotSupportedError',
    );
  }
  return settings.asIfAtOnce(subtle().digest(algorithm, data));
}

/**
 * Node 20 has a name of its own for the refusal of a key that must stay where it is, and recent versions one for the algorithm of an Ed25519
 * key, which not every reader knows yet.
 * @param {any[]} args
 */
async function exportKey(args) {
  const key = args[1];
  if (types.isCryptoKey(key) && !key.extractable) {
    throw new DOMException(
      `Attempt to export non-extractable ${key.algorithm.name} key.`,
      'InvalidAccessError',
    );
  }
  const exported = await settings.asIfAtOnce(subtle().exportKey(...args));
  if (exported.alg === 'Ed25519') exported.alg = 'EdDSA';
  return exported;
}

/** @param {any} data a view or a buffer @returns {ArrayBuffer} */
function md5(data) {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  const hash = nodeCrypto.createHash('md5').update(bytes).digest();
  return new Uint8Array(hash).buffer;
}

/** What Workers called Ed25519 before the standard did. @param {any} argument */
function toNodeAlgorithm(argument) {
  const name = typeof argument === 'string' ? argument : argument?.name;
  const isOld = typeof name === 'string' && name.toUpperCase() === 'NODE-ED25519';
  return isOld ? { name: 'Ed25519' } : argument;
}

class Crypto {
  #subtle = new SubtleCrypto(kMake);

  /** @param {symbol} key */
  constructor(key) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
  }

  get subtle() {
    return this.#subtle;
  }

  /** @template {ArrayBufferView} T @param {T} array filled in place @returns {T} */
  getRandomValues(array) {
    void this.#subtle;
    if (!ArrayBuffer.isView(array))
      throw parameterError('getRandomValues', 'Crypto', 1, 'ArrayBufferView');
    if (/^(Float|DataView)/.test(String(/** @type {any} */ (array)[Symbol.toStringTag]))) {
      throw new DOMException(
        'ArrayBufferView argument to getRandomValues() must be an integer-typed view.',
        'TypeMismatchError',
      );
    }
    if (array.byteLength > kRandomBytesMax) {
      throw new DOMException(
        `getRandomValues() only accepts buffers of size <= 64K but provided ${array.byteLength} bytes.`,
        'QuotaExceededError',
      );
    }
    nodeCrypto.randomFillSync(/** @type {any} */ (array));
    return array;
  }

  randomUUID() {
    void this.#subtle;
    return nodeCrypto.randomUUID();
  }
}

Object.defineProperty(Crypto.prototype, 'DigestStream', {
  value: DigestStream,
  writable: true,
  configurable: true,
});
defineInterface(SubtleCrypto);
defineInterface(Crypto);

/** The global of every Worker. */
const crypto = new Crypto(kMake);

module.exports = { Crypto, SubtleCrypto, crypto };
