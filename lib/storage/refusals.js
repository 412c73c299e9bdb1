'use strict';
// Objects of the runtime that have no stored form (spec S3.8.4, S3.8.9).

const { File, Blob } = require('node:buffer');
const { webcrypto } = require('node:crypto');

/** Holdfast's own classes carry this on their prototype: the text that refuses to store them, or true for the usual one. */
const kNotStorable = Symbol.for('holdfast.notStorable');

/** @type {any} */
const globals = globalThis;

/** Classes of Node, by the name workerd gives them. */
const kPlatformNames = [
  ...['URL', 'URLSearchParams', 'URLPattern', 'FormData', 'Event', 'EventTarget', 'MessagePort'],
  ...['AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder', 'CompressionStream'],
  ...['DecompressionStream', 'TransformStream', 'ReadableStream', 'WritableStream', 'Performance'],
  ...['TextEncoderStream', 'TextDecoderStream', 'WebSocket'],
  ...['WebSocketPair', 'MessageChannel', 'CustomEvent', 'MessageEvent', 'CloseEvent'],
  ...['ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'WritableStreamDefaultWriter'],
  ...['ReadableStreamDefaultController', 'WritableStreamDefaultController'],
];

const kTexts = new Map([
  ['ReadableStream', 'ReadableStream can only be serialized for RPC.'],
  ['WritableStream', 'WritableStream can only be serialized for RPC.'],
  ['AbortSignal', 'AbortSignal serialization is not enabled.'],
]);

/** @param {string} name */
const unsupported = (name) =>
  kTexts.get(name) ??
  `Could not serialize object of type "${name}". This type does not support serialization.`;

/** @type {Map<object, string> | undefined} text by prototype */
let platform;

/** Interfaces of Workers that are Holdfast's own, name by prototype. @type {Map<object, string>} */
const interfaces = new Map();

/** @param {object} prototype of an interface of Workers @param {string} name */
function refuseInterface(prototype, name) {
  interfaces.set(prototype, name);
}

// The globals are looked at on first use: each loads a part of Node.
/** @returns {Map<object, string>} */
function platformTexts() {
  if (platform !== undefined) return platform;
  platform = new Map([...interfaces].map(([prototype, name]) => [prototype, unsupported(name)]));
  const classes = kPlatformNames.map((name) => /** @type {const} */ ([name, globals[name]]));
  /** @type {(readonly [string, any])[]} */
  const others = [
    ['File', File],
    ['Blob', Blob],
    ['CryptoKey', globals.CryptoKey],
    ['Crypto', webcrypto.constructor],
    ['SubtleCrypto', webcrypto.subtle.constructor],
  ];
  for (const [name, Class] of [...classes, ...others])
    if (typeof Class === 'function') platform.set(Class.prototype, unsupported(name));
  return platform;
}

/** @param {string} text */
const refusal = (text) => new DOMException(text, 'DataCloneError');

/** @param {any} object */
const refusalByName = (object) => refusal(unsupported(object.constructor?.name ?? 'Object'));

/**
 * @param {any} value an object that is no plain one, or a function
 * @throws {DOMException} DataCloneError
 */
function checkStorable(value) {
  const text = value[kNotStorable];
  if (typeof text === 'string') throw refusal(text);
  if (text === true || value instanceof SharedArrayBuffer) throw refusalByName(value);
  const texts = platformTexts();
  for (
    let prototype = Object.getPrototypeOf(value);
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const found = texts.get(prototype);
    if (found !== undefined) throw refusal(found);
  }
}

module.exports = {
  refuseInterface,
  checkStorable,
  refusalByName,
  kNotStorable,
};
