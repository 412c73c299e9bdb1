'use strict';
// blobStream: the bytes of a store's blob as a stream. A part is asked for when it is wanted, so that a slow reader has one in memory.

const { kPartBytes } = require('./blobs');

/** @typedef {{bytes?: Uint8Array, blob?: number, size: number}} Opened what BlobStore.opened() gave */

/**
 * @param {(method: string, ...args: any[]) => Promise<any>} call of the store
 * @param {Opened} opened
 * @param {number} [start]
 * @param {number} [end] behind the last byte
 * @returns {ReadableStream} of bytes
 */
function blobStream(call, { bytes, blob, size }, start = 0, end = size) {
  if (bytes !== undefined) return streamOf(async () => undefined, bytes.slice(start, end));
  let at = start;
  const next = async () => {
    if (at >= end) {
      await call('unpin', blob);
      return undefined;
    }
    const part = Math.floor(at / kPartBytes);
    const data = await call('part', blob, part);
    if (data === undefined) throw new Error('The value was replaced while it was read.');
    const piece = data.slice(at - part * kPartBytes, end - part * kPartBytes);
    at += piece.byteLength;
    return piece;
  };
  return streamOf(next, undefined, () => call('unpin', blob));
}

/**
 * @param {() => Promise<Uint8Array | undefined>} next undefined: the end
 * @param {Uint8Array} [first]
 * @param {() => Promise<void>} [cancel]
 */
function streamOf(next, first, cancel) {
  let waiting = first?.byteLength ? first : undefined;
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const piece = waiting ?? (await next());
      waiting = undefined;
      if (piece !== undefined) {
        controller.enqueue(piece);
        return;
      }
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel,
  });
}

module.exports = { blobStream };
