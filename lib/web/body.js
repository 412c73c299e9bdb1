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
const { bodyUsedError } = require('./errors.js');
const { parseFormData } = require('./form-data.js');
const { keepLength } = require('./identity-transform-stream.js');
const { defineInterface } = require('./interface.js');

/** @typedef {import('./body-source.js').BodySource} BodySource */

/**
 * What other files of this folder may do with the private state.
 * @type {{
 *   take(body: Body): BodySource,
 *   fork(body: Body): BodySource,
 *   isUsed(body: Body): boolean,
 *   drop(body: Body): void,
 * }}
 */
const access = /** @type {any} */ ({});

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
    const type = this.#contentType();
    return parseFormData(await collect(this.#take()), type);
  }

  /** @returns {Promise<Blob>} */
  async blob() {
    const type = (this.#contentType() ?? '').replace(/;\s+/g, ';').toLowerCase();
    return new Blob([/** @type {any} */ (await collect(this.#take()))], { type });
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
    if (this.#isUsed() || this.#openStream()?.locked) {
      throw new TypeError('This ReadableStream is currently locked to a reader,');
    }
    const plain =
      typeof source === 'string' || source instanceof Uint8Array || source instanceof Blob;
    if (plain && this.#stream === null) return source;
    const whole = this.#stream ?? streamOf(source);
    const [mine, other] = whole.tee();
    for (const half of [mine, other]) keepLength(whole, half);
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
  /** The body will not be read: a native source or stream behind it is cancelled. Never throws. */
  dropBody: access.drop,
};
