'use strict';
// The bodies of queue messages as bytes, and back (spec S9.1.3). Error texts are those of Workers.

const { serialize, deserialize } = require('../../storage/value-codec');

const kTypes = ['text', 'bytes', 'json', 'v8'];

/** @typedef {{contentType: string, body: Uint8Array}} Encoded */

/** @param {any} body @param {string | undefined} contentType @param {Record<string, boolean>} flags @returns {Encoded} */
function encode(body, contentType, flags) {
  if (body === undefined) throw new TypeError('Message body cannot be undefined');
  const type = contentType ?? (flags.queues_json_messages ? 'json' : 'v8');
  if (!kTypes.includes(type))
    throw new TypeError(`Unsupported queue message content type: ${type}`);
  return { contentType: type, body: toBytes(body, type) };
}

/** @param {any} body @param {string} type @returns {Uint8Array} fresh */
function toBytes(body, type) {
  if (type === 'v8') return serialize(body);
  if (type === 'json') return new TextEncoder().encode(JSON.stringify(body));
  if (type === 'text') {
    if (typeof body === 'string') return new TextEncoder().encode(body);
    throw wrongType(type, 'string', body);
  }
  if (ArrayBuffer.isView(body))
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  throw wrongType(type, 'ArrayBufferView', body);
}

/** Whether there is anything for the consumer: JSON has no text for a function or a symbol. @param {Encoded} message */
const isReadable = ({ contentType, body }) => contentType !== 'json' || body.byteLength > 0;

/** @param {string} type @param {string} expected @param {any} body */
const wrongType = (type, expected, body) =>
  new TypeError(
    `Content Type "${type}" requires a value of type ${expected}, but received: ${typeof body}`,
  );

/** @param {Encoded} message @returns {any} */
function decode({ contentType, body }) {
  if (contentType === 'v8') return deserialize(body);
  if (contentType === 'bytes') return body.slice().buffer;
  const text = new TextDecoder().decode(body);
  return contentType === 'json' ? JSON.parse(text) : text;
}

module.exports = { decode, encode, isReadable, kTypes };
