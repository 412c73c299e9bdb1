'use strict';
// openAsset: the content of a file as it is now. Nothing waits for the disk on the thread of the shard.

const { createHash } = require('node:crypto');
const fs = require('node:fs/promises');
const { tellLength } = require('../web/streams/identity-transform-stream');

/** A shorter file is read at once, a longer one as its reader takes it. */
const kWholeBytesMax = 64 * 1024;
const kPieceBytes = 256 * 1024;
const kTagCharacters = 32;

/**
 * @param {import('./asset-files').AssetFile} asset
 * @returns {Promise<{etag: string, size: number, body: () => Promise<Uint8Array | ReadableStream>} | undefined>} undefined: the file is gone
 */
async function openAsset({ file, path }) {
  try {
    const { size, mtimeMs } = await fs.stat(file);
    const hash = createHash('sha256').update(`${path}\0${mtimeMs}\0${size}`).digest('hex');
    const body = async () => (size <= kWholeBytesMax ? fs.readFile(file) : streamOf(file, size));
    return { etag: hash.slice(0, kTagCharacters), size, body };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} file @param {number} size @returns {ReadableStream} which opens the file when it is first read */
function streamOf(file, size) {
  /** @type {fs.FileHandle | undefined} */
  let handle;
  let at = 0;
  const stream = new ReadableStream(
    /** @type {any} */ ({
      type: 'bytes',
      async pull(/** @type {ReadableByteStreamController} */ controller) {
        handle ??= await fs.open(file);
        const piece = new Uint8Array(Math.min(kPieceBytes, size - at));
        const { bytesRead } = await handle.read(piece, 0, piece.byteLength, at);
        at += bytesRead;
        if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
        if (at < size && bytesRead > 0) return;
        await handle.close();
        if (at < size) throw new Error(`${file} became shorter while it was read.`);
        controller.close();
        controller.byobRequest?.respond(0);
      },
      async cancel() {
        await handle?.close();
      },
    }),
    { highWaterMark: 0 },
  );
  tellLength(stream, size);
  return stream;
}

module.exports = { openAsset };
