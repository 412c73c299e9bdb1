// A connection inside this process: two ends that are to each other what net.Socket is to its peer. For connect() of stubs (S1.8.8).
//
// A write is done when the other end has taken it, so a slow reader holds the writer back. When one end is destroyed the other one
// reads to the end and cannot write; an end that was given an error for that is destroyed with it.
// Thread: the shard's.
'use strict';

const { Duplex } = require('node:stream');

class LocalEnd extends Duplex {
  /** @type {LocalEnd | undefined} */
  #peer;
  /** What the peer's write waits for. @type {((error?: Error) => void) | undefined} */
  #taken;
  #hasEnded = false;
  #isClosing = false;
  #whenAlone;

  /** @param {(() => Error) | undefined} [whenAlone] makes the error that ends it when its peer is destroyed */
  constructor(whenAlone) {
    super({ readableHighWaterMark: 1, allowHalfOpen: true });
    this.#whenAlone = whenAlone;
  }

  /** @param {() => Error} whenAlone of the second one @returns {[LocalEnd, LocalEnd]} */
  static pair(whenAlone) {
    const here = new LocalEnd();
    const there = new LocalEnd(whenAlone);
    here.#peer = there;
    there.#peer = here;
    return [here, there];
  }

  /** As of net.Socket: when what was written has left. The peer sees no end of the stream, but the end of the connection. */
  destroySoon() {
    this.#isClosing = true;
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** @override */
  _read() {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  /** @override @param {Buffer} chunk @param {string} _encoding @param {(error?: Error) => void} done */
  _write(chunk, _encoding, done) {
    const peer = /** @type {LocalEnd} */ (this.#peer);
    if (peer.destroyed || peer.#hasEnded) done(lost());
    else if (chunk.length === 0) done();
    else peer.#receive(Buffer.from(chunk), done);
  }

  /** @param {Buffer} bytes @param {(error?: Error) => void} done */
  #receive(bytes, done) {
    this.#taken = done;
    this.push(bytes);
  }

  /** @override @param {() => void} done */
  _final(done) {
    if (!this.#isClosing) /** @type {LocalEnd} */ (this.#peer).#end();
    done();
  }

  #end() {
    if (this.#hasEnded || this.destroyed) return;
    this.#hasEnded = true;
    this.push(null);
  }

  /** @override @param {Error | null} error @param {(error: Error | null) => void} done */
  _destroy(error, done) {
    const taken = this.#taken;
    this.#taken = undefined;
    const peer = /** @type {LocalEnd} */ (this.#peer);
    taken?.(peer.#whenAlone?.() ?? lost());
    peer.#leftAlone(this.#hasEnded && !this.#isClosing);
    done(error);
  }

  /** @param {boolean} isOver both sides were ended, one by one */
  #leftAlone(isOver) {
    if (this.destroyed || (isOver && this.#hasEnded)) return;
    if (this.#whenAlone !== undefined) {
      this.destroy(this.#whenAlone());
    } else if (this.readableLength === 0) {
      this.destroy();
    } else {
      this.#end();
      this.end();
    }
  }
}

const lost = () => new Error('Network connection lost.');

module.exports = { LocalEnd };
