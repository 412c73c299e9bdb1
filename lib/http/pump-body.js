'use strict';
// pumpBody: a streamed response body on its way to the peer, as fast as the peer takes it.
//
// Happy path: chunks are handed over while fewer than kWindowBytes are unsent; the end ends the response.
// Ways it fails: the stream errors -> the connection is cut, so that the peer sees the body is incomplete; the peer goes away -> the
// stream is cancelled, without a reason as on Workers; the writer of an IdentityTransformStream gets an error.

const { goneReason, isPassedOn } = require('../web/internal');
const { reportError } = require('../report-error');

const kWindowBytes = 262_144;

/**
 * What the pump asks of whoever has the response.
 * @typedef {object} Outgoing
 * @property {number} unsent bytes that did not leave
 * @property {boolean} gone the peer is gone, or everything was written
 * @property {boolean} [isOver] the body has ended, or failed, or is somebody else's: who answered does not hear any more that the
 *   peer goes
 * @property {(() => void) | undefined} onWritable called when bytes have left
 * @property {(() => void) | undefined} onGone
 */

/**
 * Where the bytes go.
 * @typedef {object} BodySink
 * @property {(chunk: Uint8Array) => void} write
 * @property {() => void} end
 * @property {() => void} fail the body is incomplete
 */

/**
 * @param {Outgoing} outgoing
 * @param {ReadableStream} stream
 * @param {BodySink} sink
 */
async function pumpBody(outgoing, stream, sink) {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel(goneReason(stream)).catch(() => {});
  // Also the peer of an answer that comes too late: a source that nobody reads nor cancels would wait for ever.
  if (outgoing.gone) return cancel();
  outgoing.isOver = isPassedOn(stream);
  outgoing.onGone = () => {
    outgoing.onWritable?.();
    cancel();
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (outgoing.gone) return;
      if (done) break;
      const chunk = toBytes(value);
      outgoing.unsent += chunk.byteLength;
      sink.write(chunk);
      if (outgoing.unsent >= kWindowBytes) await room(outgoing);
      if (outgoing.gone) return;
    }
  } catch (error) {
    if (outgoing.gone) return;
    reportError(error);
    outgoing.isOver = true;
    sink.fail();
    return;
  }
  outgoing.isOver = true;
  sink.end();
}

/** @param {Outgoing} outgoing @returns {Promise<void>} */
function room(outgoing) {
  return new Promise((resolve) => {
    outgoing.onWritable = () => {
      if (!outgoing.gone && outgoing.unsent >= kWindowBytes) return;
      outgoing.onWritable = undefined;
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
