'use strict';
// pumpBody: a streamed response body on its way to the peer, as fast as the peer takes it.
//
// Happy path: chunks are handed over while fewer than kWindowBytes are unsent; the end ends the response.
// Ways it fails: the stream errors -> the connection is cut, so that the peer sees the body is incomplete; the peer goes away -> the
// stream is cancelled.

const { reportError } = require('../report-error');

const kWindowBytes = 262_144;

/**
 * @param {import('../shard').Shard} shard
 * @param {import('./exchanges').Exchange} exchange
 * @param {ReadableStream} stream
 */
async function pumpBody(shard, exchange, stream) {
  const { native } = shard;
  const reader = stream.getReader();
  exchange.onGone = () => {
    exchange.onWritable?.();
    reader.cancel(new Error('The client disconnected.')).catch(() => {});
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (exchange.gone) return;
      if (done) break;
      const chunk = toBytes(value);
      exchange.unsent += chunk.byteLength;
      native.respondBody(exchange.handle, chunk, false);
      shard.touch();
      if (exchange.unsent >= kWindowBytes) await room(exchange);
      if (exchange.gone) return;
    }
    native.respondBody(exchange.handle, null, true);
  } catch (error) {
    if (exchange.gone) return;
    reportError(error);
    native.abortResponse(exchange.handle);
  }
  shard.touch();
}

/** @param {import('./exchanges').Exchange} exchange @returns {Promise<void>} */
function room(exchange) {
  return new Promise((resolve) => {
    exchange.onWritable = () => {
      if (!exchange.gone && exchange.unsent >= kWindowBytes) return;
      exchange.onWritable = undefined;
      resolve();
    };
  });
}

/** @param {unknown} chunk @returns {Uint8Array} */
function toBytes(chunk) {
  if (chunk instanceof Uint8Array) return chunk;
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (ArrayBuffer.isView(chunk))
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError(
    'This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.',
  );
}

module.exports = { pumpBody };
