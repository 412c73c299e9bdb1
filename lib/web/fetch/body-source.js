// Body sources: what a Request or Response may carry, how each is recognised and read.
//
// A source is null, a string, bytes, a Blob, a NativeBody or a ReadableStream. Strings and bytes stay what they
// are until somebody asks for a stream.
'use strict';

// @types/node 20 does not know it.
const { isDisturbed } = /** @type {any} */ (require('node:stream'));
const { bodyUsedError, notBytesError, streamLockedError } = require('../errors.js');
const { tellLength } = require('../streams/identity-transform-stream.js');
const { serializeFormData } = require('./multipart.js');
const { NativeBody } = require('./native-body.js');
const { settings } = require('../settings.js');

/** @typedef {string | Uint8Array | Blob | NativeBody | ReadableStream | null} BodySource */
/** @typedef {{source: BodySource, type: string | null}} ExtractedBody `type`: Content-Type the body implies. */

const TEXT = 'text/plain;charset=UTF-8';
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** @param {ReadableStream} stream */
function checkUsableStream(stream) {
  if (isDisturbed(stream)) {
    throw new TypeError(
      'This ReadableStream is disturbed (has already been read from), and cannot be used as a body.',
    );
  }
  if (stream.locked) {
    throw new TypeError('This ReadableStream is locked to a reader, and cannot be used as a body.');
  }
}

/**
 * @param {any} value `init.body` or the first argument of Response.
 * @returns {ExtractedBody}
 */
function extractBody(value) {
  if (typeof value === 'string') return { source: value, type: TEXT };
  if (value === null || value === undefined) return { source: null, type: null };
  if (typeof value !== 'object') return { source: `${value}`, type: TEXT };
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { source: bytes.slice(), type: null };
  }
  if (value instanceof ReadableStream) {
    checkUsableStream(value);
    return { source: value, type: null };
  }
  const tag = value[Symbol.toStringTag];
  if (tag === 'ArrayBuffer') return { source: new Uint8Array(value).slice(), type: null };
  if (value instanceof Blob) return { source: value, type: value.type || null };
  if (value instanceof URLSearchParams) return { source: value.toString(), type: FORM };
  if (tag === 'FormData') {
    return serializeFormData(value);
  }
  if (typeof value[Symbol.asyncIterator] === 'function' || Array.isArray(value)) {
    return { source: /** @type {any} */ (ReadableStream).from(value), type: null };
  }
  return { source: `${value}`, type: TEXT };
}

/** @param {Uint8Array} bytes */
function streamOfBytes(bytes) {
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      // enqueue() takes the buffer away; the source may be shared with a clone. (Not slice(): a Buffer's is a view.)
      if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes));
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

/** @param {NonNullable<BodySource>} source @returns {ReadableStream} */
function streamOf(source) {
  if (source instanceof ReadableStream) return source;
  if (typeof source === 'string') return streamOf(encoder.encode(source));
  const isBytes = source instanceof Uint8Array;
  const stream = isBytes ? streamOfBytes(source) : source.stream();
  const length = isBytes ? source.byteLength : source.size;
  if (length !== undefined) tellLength(stream, length);
  return stream;
}

/** A stream that was read by somebody else: disturbed, closed and locked. */
function consumedStream() {
  const stream = streamOfBytes(new Uint8Array(0));
  void stream.getReader().cancel();
  return stream;
}

/** @param {ReadableStream} stream @returns {Promise<Uint8Array>} */
async function collectStream(stream) {
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (value instanceof Uint8Array) parts.push(value);
    else if (ArrayBuffer.isView(value)) {
      parts.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (value?.[Symbol.toStringTag] === 'ArrayBuffer') parts.push(new Uint8Array(value));
    else {
      const error = notBytesError();
      reader.cancel(error).catch(() => {});
      throw error;
    }
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** @param {BodySource} source @returns {Promise<Uint8Array>} Not to be changed: it may be the source itself. */
async function collect(source) {
  if (source === null) return new Uint8Array(0);
  if (typeof source === 'string') return encoder.encode(source);
  if (source instanceof Uint8Array) return source;
  if (source instanceof NativeBody) return settings.behindGate(source.collect());
  if (source instanceof ReadableStream) return collectStream(source);
  return new Uint8Array(await source.arrayBuffer());
}

/** UTF-8 text without a byte order mark. @param {BodySource} source @returns {Promise<string>} */
async function collectText(source) {
  if (typeof source !== 'string') return decoder.decode(await collect(source));
  const text = /** @type {any} */ (source).toWellFormed();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Throws unless the stream can still be read from its start. @param {ReadableStream} stream */
function checkUnread(stream) {
  if (stream.locked) throw streamLockedError();
  if (isDisturbed(stream)) throw bodyUsedError();
}

/** @param {ReadableStream} stream @returns {boolean} */
function wasRead(stream) {
  return isDisturbed(stream);
}

module.exports = {
  extractBody,
  streamOf,
  consumedStream,
  collect,
  collectText,
  checkUnread,
  wasRead,
};
