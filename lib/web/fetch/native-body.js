// NativeBody: a request body that arrives piece by piece from the native server.
//
// The server side calls push(); readers use collect() (the whole body, no stream is made) or stream(). Whoever
// consumes bytes gives credit back through `readMore`, so a body nobody reads stops at the server's window. Who waits for the first ones
// asks for them: a peer that expects 100 Continue is told so only then, as on Workers.
//
// The happy path: push(bytes, false)* then push(bytes, true). The peer vanishes: push(undefined, true, true), and
// whoever reads sees the error after the bytes that did arrive. Nobody reads: after cancel() what comes is dropped and
// credited at once, so that the connection can go on to its next request.
//
// Thread: the shard's. Owner: the Request that carries it; a moved body moves the source.
'use strict';

const { connectionLost } = require('../errors.js');

class NativeBody {
  #readMore;
  /** @type {Uint8Array[]} */
  #chunks = [];
  #ended = false;
  /** @type {Error | null} */
  #error = null;
  #cancelled = false;
  #asked = false;
  /** @type {(() => void) | null} Called once when something arrived. */
  #wake = null;
  /** @type {ReadableStream<Uint8Array> | null} */
  #stream = null;

  /**
   * @param {(bytes: number) => void} readMore So many bytes were consumed; as many more may be sent.
   * @param {number} [size] Bytes that will come, where the peer says so.
   */
  constructor(readMore, size) {
    this.#readMore = readMore;
    this.size = size;
  }

  /**
   * A piece arrived. The buffer is not touched by the caller afterwards.
   * @param {Uint8Array | undefined} bytes
   * @param {boolean} last Nothing follows.
   * @param {boolean} [failed] The body broke off.
   */
  push(bytes, last, failed) {
    if (this.#ended) return;
    this.#asked = true; // nobody waits to be
    if (bytes && bytes.byteLength > 0) {
      if (this.#cancelled) this.#readMore(bytes.byteLength);
      else this.#chunks.push(bytes);
    }
    if (failed) this.#error = connectionLost(undefined);
    if (last || failed) this.#ended = true;
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Whether the end (or the error) has arrived, read or not. */
  get ended() {
    return this.#ended;
  }

  /** Nobody will read the rest: what is queued or still comes is dropped. */
  cancel() {
    if (this.#cancelled) return;
    this.#cancelled = true;
    let dropped = 0;
    for (const chunk of this.#chunks.splice(0)) dropped += chunk.byteLength;
    if (!this.#ended && dropped > 0) this.#readMore(dropped);
  }

  #arrival() {
    if (!this.#asked) this.#readMore(0);
    this.#asked = true;
    return new Promise((resolve) => {
      this.#wake = () => resolve(undefined);
    });
  }

  /** @returns {Promise<Uint8Array>} The whole body. */
  async collect() {
    /** @type {Uint8Array[]} */
    const parts = [];
    for (;;) {
      for (const chunk of this.#chunks.splice(0)) {
        parts.push(chunk);
        if (!this.#ended) this.#readMore(chunk.byteLength);
      }
      if (this.#ended) break;
      await this.#arrival();
    }
    if (this.#error) throw this.#error;
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  /** @returns {ReadableStream<Uint8Array>} The same byte stream each time. */
  stream() {
    this.#stream ??= new ReadableStream(
      /** @type {any} */ ({
        type: 'bytes',
        pull: (/** @type {ReadableByteStreamController} */ c) => this.#pull(c),
        cancel: () => this.cancel(),
      }),
      { highWaterMark: 0 },
    );
    return /** @type {ReadableStream<Uint8Array>} */ (this.#stream);
  }

  /** @param {ReadableByteStreamController} controller */
  async #pull(controller) {
    while (this.#chunks.length === 0 && !this.#ended) await this.#arrival();
    const chunk = this.#chunks.shift();
    if (chunk) {
      const size = chunk.byteLength;
      // enqueue() transfers the buffer, so a view of a larger one is copied first.
      controller.enqueue(size === chunk.buffer.byteLength ? chunk : new Uint8Array(chunk));
      if (!this.#ended) this.#readMore(size);
    }
    if (!this.#ended || this.#chunks.length > 0) return;
    if (this.#error) return controller.error(this.#error);
    controller.close();
    controller.byobRequest?.respond(0);
  }
}

module.exports = { NativeBody };
