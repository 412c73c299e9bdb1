'use strict';
// blobStream, piecesStream: the bytes of a store's blobs as a stream. A part is asked for when it is wanted, so that a slow reader has
// one in memory.

const { tellLength } = require('../web/streams/identity-transform-stream');
const { kPartBytes } = require('./blobs');
const { loopTurn } = require('./loop-turn');

/** @typedef {{bytes?: Uint8Array, blob?: number, size: number}} Opened what BlobStore.opened() gave */
/** @typedef {(method: string, ...args: any[]) => Promise<any>} Call of the store */

/**
 * @param {Call} call
 * @param {Opened} opened
 * @param {number} [start]
 * @param {number} [end] behind the last byte
 * @returns {ReadableStream} of bytes
 */
function blobStream(call, opened, start = 0, end = opened.size) {
  return piecesStream(call, [{ opened, start, end }]);
}

/**
 * @param {Call} call
 * @param {{opened: Opened, start: number, end: number}[]} pieces one after the other
 * @returns {ReadableStream} of bytes
 */
function piecesStream(call, pieces) {
  const readers = pieces.map((piece) => new PieceReader(call, piece));
  const stream = new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      for (; readers.length > 0; readers.shift()) {
        const bytes = await readers[0].next();
        if (bytes === undefined) continue;
        controller.enqueue(bytes);
        return;
      }
      controller.close();
      controller.byobRequest?.respond(0);
    },
    async cancel() {
      await Promise.all(readers.map((reader) => reader.cancel()));
    },
  });
  tellLength(
    stream,
    pieces.reduce((sum, { start, end }) => sum + end - start, 0),
  );
  return stream;
}

class PieceReader {
  #call;
  #opened;
  #at;
  #end;
  #isFirst = true;

  /** @param {Call} call @param {{opened: Opened, start: number, end: number}} piece */
  constructor(call, { opened, start, end }) {
    this.#call = call;
    this.#opened = opened;
    this.#at = start;
    this.#end = end;
  }

  /** @returns {Promise<Uint8Array | undefined>} undefined: the end */
  async next() {
    const { bytes, blob } = this.#opened;
    if (this.#at >= this.#end) {
      await this.cancel();
      return undefined;
    }
    // Others are answered between two parts, however fast the reader is.
    if (!this.#isFirst) await loopTurn();
    this.#isFirst = false;
    // One that was given whole goes at once.
    const from = bytes === undefined ? Math.floor(this.#at / kPartBytes) * kPartBytes : 0;
    const data = bytes ?? (await this.#call('part', blob, from / kPartBytes));
    if (data === undefined) throw new Error('The value was replaced while it was read.');
    const piece = data.slice(this.#at - from, this.#end - from);
    this.#at += piece.byteLength;
    return piece;
  }

  async cancel() {
    const { blob } = this.#opened;
    if (blob !== undefined) await this.#call('unpin', blob);
  }
}

module.exports = { blobStream, piecesStream };
