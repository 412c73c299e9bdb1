// IdentityTransformStream and FixedLengthStream (S9.2): byte pipes. A write is done when its bytes were read.
'use strict';

const { connectionLost, constructorError } = require('../errors.js');

const NOT_BYTES =
  'This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.';

/** @type {WeakMap<ReadableStream, number>} */
const lengths = new WeakMap();
/** Of streams whose source hears why nobody takes the rest. @type {WeakMap<ReadableStream, () => unknown>} */
const goneReasons = new WeakMap();

/** @param {any} chunk @returns {Uint8Array} A copy: a byte stream takes its buffers away. */
function toBytes(chunk) {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk);
  if (ArrayBuffer.isView(chunk)) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength).slice();
  }
  if (chunk?.[Symbol.toStringTag] === 'ArrayBuffer') return new Uint8Array(chunk).slice();
  throw new TypeError(NOT_BYTES);
}

const tooShort = () =>
  new TypeError('FixedLengthStream did not see all expected bytes before close().');

/**
 * The happy path: the reader's pull() lets one write through. A reader that cancels errors the writer, and what is being written; a
 * writer that aborts errors the reader. A wrong number of bytes is told to the reader, when it comes to them; of the writer's calls
 * only what comes after too many bytes fails.
 * @param {number} expected Bytes that must pass; Infinity: any number.
 * @returns {{readable: ReadableStream, writable: WritableStream}}
 */
function bytePipe(expected) {
  let remaining = expected;
  /** @type {any} */
  let source;
  /** @type {any} */
  let sink;
  let isWanted = false;
  /** It was closed before all that must pass did. */
  let isShort = false;
  /** @type {{reason: unknown} | undefined} */
  let cancelled;
  let onWanted = () => {};
  let onDone = () => {};
  const readable = new ReadableStream(
    /** @type {any} */ ({
      type: 'bytes',
      start: (/** @type {any} */ controller) => void (source = controller),
      pull() {
        if (isShort) {
          source.error(tooShort());
          return undefined;
        }
        isWanted = true;
        onWanted();
        return new Promise((resolve) => (onDone = () => resolve(undefined)));
      },
      cancel(/** @type {unknown} */ reason) {
        cancelled = { reason };
        sink.error(reason);
        onWanted();
        onDone();
      },
    }),
    { highWaterMark: 0 },
  );
  /** @param {unknown} error */
  const fail = (error) => {
    source.error(error);
    onDone();
  };
  const writable = new WritableStream({
    start(controller) {
      sink = controller;
      // abort() itself comes when the write under way has ended.
      sink.signal.addEventListener('abort', () => onWanted());
    },
    async write(chunk) {
      if (chunk === undefined) return;
      const bytes = toBytes(chunk);
      if (bytes.byteLength === 0) return;
      if (!isWanted) await new Promise((resolve) => (onWanted = () => resolve(undefined)));
      if (cancelled) throw cancelled.reason;
      if (sink.signal.aborted) throw sink.signal.reason;
      if (bytes.byteLength > remaining) {
        const error = new TypeError('Attempt to write too many bytes through a FixedLengthStream.');
        fail(error);
        sink.error(error);
        return;
      }
      remaining -= bytes.byteLength;
      isWanted = false;
      source.enqueue(bytes);
      onDone();
    },
    close() {
      if (remaining !== Infinity && remaining > 0) {
        isShort = true;
        if (isWanted) fail(tooShort());
        return;
      }
      source.close();
      source.byobRequest?.respond(0);
      onDone();
    },
    abort(reason) {
      fail(reason);
    },
  });
  return { readable, writable };
}

const kLength = Symbol('length');

class IdentityTransformStream extends TransformStream {
  #pipe;

  /** @param {...any} options Strategies are accepted and ignored. */
  constructor(...options) {
    super();
    this.#pipe = bytePipe(options[0] === kLength ? options[1] : Infinity);
    goneReasons.set(this.#pipe.readable, () => connectionLost(undefined));
  }

  /** @returns {ReadableStream} */
  get readable() {
    return this.#pipe.readable;
  }

  /** @returns {WritableStream} */
  get writable() {
    return this.#pipe.writable;
  }
}

class FixedLengthStream extends IdentityTransformStream {
  /** @param {number | bigint} expectedLength Bytes; becomes the Content-Length of a Response. */
  constructor(expectedLength) {
    if (expectedLength === undefined) throw constructorError('FixedLengthStream', 1, 'bigint');
    const length = Math.trunc(Number(expectedLength));
    if (length < 0) {
      throw new TypeError(
        'The value cannot be converted because it is negative and this API expects a positive bigint.',
      );
    }
    super(kLength, length);
    lengths.set(this.readable, length);
  }
}

module.exports = {
  toBytes,
  /**
   * What the source of a body hears whose receiver is gone: a pipe's writer an error, a sender over RPC that it was released, other
   * sources nothing (workerd).
   * @param {ReadableStream} stream
   */
  goneReason: (stream) => goneReasons.get(stream)?.(),
  /** @param {ReadableStream} stream @param {() => unknown} reason see goneReason() */
  tellGoneReason(stream, reason) {
    goneReasons.set(stream, reason);
  },
  IdentityTransformStream,
  FixedLengthStream,
  /** Bytes that a stream gives from its start to its end, where that is known. @param {ReadableStream} stream */
  knownLength: (stream) => lengths.get(stream),
  /** @param {ReadableStream} stream @param {number} length of all it will give */
  tellLength(stream, length) {
    lengths.set(stream, length);
  },
  /** @param {ReadableStream} from @param {ReadableStream} to gives the same bytes */
  keepLength(from, to) {
    const length = lengths.get(from);
    if (length !== undefined) lengths.set(to, length);
  },
};
