// Body: what Request and Response have in common (S9.2): one body, read once.
//
// A body is read in place (text(), json(), ...), handed out as a stream (`body`), doubled (clone()) or moved out whole
// (takeBody: to the network, or to the object a request is delivered to). No stream exists until one is asked for.
'use strict';

const {
  checkUnread,
  collect,
  collectText,
  consumedStream,
  streamOf,
  wasRead,
} = require('./body-source.js');
const { bodyUsedError } = require('../errors.js');
const { formDataParser } = require('./multipart.js');
const { keepLength } = require('../streams/identity-transform-stream.js');
const { defineInterface } = require('../interface.js');
const { extractMimeType } = require('./mime-type.js');

/** @typedef {import('./body-source.js').BodySource} BodySource */

/**
 * What other files of this folder may do with the private state.
 * @type {{
 *   take(body: Body): BodySource,
 *   fork(body: Body): BodySource,
 *   isUsed(body: Body): boolean,
 *   isLocked(body: Body): boolean,
 *   drop(body: Body): void,
 * }}
 */
const access = /** @type {any} */ ({});

/**
 * One half of a tee is cancelled when the other one is, too, or was read; who awaits that before reading the other would wait for ever.
 * In workerd a cancellation ends at once.
 * @param {ReadableStream} half
 */
function cancelAtOnce(half) {
  const cancel = half.cancel.bind(half);
  const value = async (/** @type {unknown} */ reason) => {
    const ended = cancel(reason);
    if (half.locked) return ended;
    ended.catch(() => {});
  };
  Object.defineProperty(half, 'cancel', { value, writable: true, configurable: true });
}

/** Values of parameters keep their case, which Node's Blob would change. @param {Uint8Array} bytes @param {string} type */
function blobOfType(bytes, type) {
  const blob = new Blob([/** @type {any} */ (bytes)], { type });
  if (blob.type !== type) Object.defineProperty(blob, 'type', { value: type, configurable: true });
  return blob;
}

class Body {
  /** @type {BodySource} */
  #source;
  /** @type {ReadableStream | null} The source as a stream, once somebody asked. */
  #stream = null;
  #used = false;

  /** @param {BodySource} source */
  constructor(source) {
    this.#source = source;
  }

  /** @returns {ReadableStream | null} */
  get body() {
    if (this.#source === null) return null;
    if (this.#stream === null)
      this.#stream = this.#used ? consumedStream() : streamOf(this.#source);
    return this.#stream;
  }

  /** @returns {boolean} */
  get bodyUsed() {
    return this.#isUsed();
  }

  /** @returns {Promise<ArrayBuffer>} */
  async arrayBuffer() {
    return /** @type {ArrayBuffer} */ ((await this.#copy()).buffer);
  }

  /** @returns {Promise<Uint8Array>} */
  async bytes() {
    return this.#copy();
  }

  /** @returns {Promise<string>} */
  async text() {
    return collectText(this.#take());
  }

  /** @returns {Promise<any>} */
  async json() {
    return JSON.parse(await collectText(this.#take()));
  }

  /** @returns {Promise<FormData>} */
  async formData() {
    if (this.#isUsed()) throw bodyUsedError();
    const parse = formDataParser(this.#contentType());
    return /** @type {any} */ (parse(await collect(this.#take())));
  }

  /** @returns {Promise<Blob>} */
  async blob() {
    const bytes = await collect(this.#take());
    return blobOfType(bytes, extractMimeType(this.#contentType() ?? ''));
  }

  #contentType() {
    return /** @type {{headers: Headers}} */ (/** @type {unknown} */ (this)).headers.get(
      'content-type',
    );
  }

  /** A buffer of the caller's own: the source may be shared with a clone. */
  async #copy() {
    const bytes = await collect(this.#take());
    return new Uint8Array(bytes);
  }

  #isUsed() {
    if (this.#source === null) return false;
    if (this.#used) return true;
    const stream = this.#openStream();
    return stream !== null && wasRead(stream);
  }

  /** The stream if there is one already. */
  #openStream() {
    return this.#source instanceof ReadableStream ? this.#source : this.#stream;
  }

  /** @returns {BodySource} */
  #take() {
    if (this.#source === null) return null;
    if (this.#used) throw bodyUsedError();
    const stream = this.#stream ?? this.#source;
    if (stream instanceof ReadableStream) {
      // A stream that was read to its end says so; one that is being read says it is locked.
      if (wasRead(stream)) throw bodyUsedError();
      checkUnread(stream);
    }
    this.#used = true;
    return stream;
  }

  /** @returns {BodySource} A second body with the same content. */
  #fork() {
    const source = this.#source;
    if (source === null) return null;
    if (this.#used || this.#openStream()?.locked) {
      throw new TypeError('This ReadableStream is currently locked to a reader,');
    }
    const isPlain =
      typeof source === 'string' || source instanceof Uint8Array || source instanceof Blob;
    if (isPlain && (this.#stream === null || !wasRead(this.#stream))) return source;
    const whole = this.#stream ?? streamOf(source);
    const [mine, other] = whole.tee();
    for (const half of [mine, other]) {
      keepLength(whole, half);
      cancelAtOnce(half);
    }
    this.#source = this.#stream = mine;
    return other;
  }

  #drop() {
    if (this.#used || this.#source === null) return;
    const stream = this.#openStream();
    if (stream === null) {
      if (typeof this.#source === 'object' && 'cancel' in this.#source) this.#source.cancel();
    } else if (!stream.locked) {
      stream.cancel().catch(() => {});
    }
    this.#used = true;
  }

  static {
    access.take = (body) => body.#take();
    access.fork = (body) => body.#fork();
    access.isUsed = (body) => body.#isUsed();
    access.isLocked = (body) => body.#openStream()?.locked === true;
    access.drop = (body) => body.#drop();
  }
}

defineInterface(Body);

module.exports = {
  Body,
  /** Moves the body out; the object's body is used from now on. Throws when it was used or is locked. */
  takeBody: access.take,
  /** Doubles the body, for clone(). */
  forkBody: access.fork,
  isBodyUsed: access.isUsed,
  isBodyLocked: access.isLocked,
  /** The body will not be read: a native source or stream behind it is cancelled. Never throws. */
  dropBody: access.drop,
};
