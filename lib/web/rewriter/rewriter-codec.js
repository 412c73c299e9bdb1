// RewriterCodec: how the texts of a document that is not UTF-8 come to handlers of an HTMLRewriter, and theirs into it.
//
// The parser reads UTF-8. It is given each byte of such a document as the character of that number, which keeps all bytes that nobody
// touches, also those that are no character; where a handler looks or writes, texts are translated. A character that the encoding does
// not have is written as `&#N;`, and refused where that would mean something else.
'use strict';

const { legacyEncoder } = require('./legacy-encoder.js');
const { TextDecoder } = require('../streams/text-decoder.js');

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

class RewriterCodec {
  #encoding;
  #encode;
  /** Of texts that are whole. */
  #decoder;
  #output = new TextDecoder();

  /** @param {string} encoding as `TextDecoder` names it */
  constructor(encoding) {
    this.#encoding = encoding;
    this.#encode = legacyEncoder(encoding);
    this.#decoder = new TextDecoder(encoding);
  }

  /** @param {Uint8Array} bytes of the document @returns {Uint8Array} for the parser */
  toParser(bytes) {
    return Buffer.from(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
    );
  }

  /** @param {Uint8Array} bytes that the parser wrote, in order @returns {Uint8Array} of the document */
  fromParser(bytes) {
    return Buffer.from(this.#output.decode(bytes, { stream: true }), 'latin1');
  }

  /** @param {string} raw of the parser @returns {string} */
  toText(raw) {
    return this.#decoder.decode(Buffer.from(raw, 'latin1'));
  }

  /** @returns {(raw: string, isLast: boolean) => string} for one handler of text, called with each chunk: one may end within a character */
  textNodes() {
    const decoder = new TextDecoder(this.#encoding);
    return (raw, isLast) => decoder.decode(Buffer.from(raw, 'latin1'), { stream: !isLast });
  }

  /** @param {string} text @returns {string} for the parser */
  toRaw(text) {
    let raw = '';
    for (const character of text)
      raw += this.#encode(character) ?? `&#${character.codePointAt(0)};`;
    return raw;
  }

  /** @param {string} text @returns {string} for the parser, as markup */
  toMarkup(text) {
    return this.toRaw(
      text.replace(/[&<>]/g, (character) => ESCAPES[/** @type {'&'} */ (character)]),
    );
  }

  /** @param {string} text @returns {string | undefined} for the parser; undefined: the encoding does not have all of it */
  toRawWhole(text) {
    return Array.from(text).every((character) => this.#encode(character) !== undefined)
      ? this.toRaw(text)
      : undefined;
  }
}

module.exports = { RewriterCodec };
