// TextDecoder and TextDecoderStream (S9.2): Node's decoders, and ours for the encodings that Node does not know or reads wrong.
//
// Node 20 takes windows-1252 (which `latin1`, `ascii` and `iso-8859-1` name, too) for ISO 8859-1, and no Node knows ISO 8859-16 and
// x-user-defined. Each of these is a table of 128 characters for the bytes above 0x7F.
'use strict';

const { defineInterface } = require('../interface.js');

/** Node's types have `encoding` as a field; it is an accessor. @type {any} */
const NodeDecoder = globalThis.TextDecoder;

/** @param {number} first @param {number} last */
const range = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i)).join('');

/** Characters of the bytes 0x80 to 0xFF. @type {Record<string, string>} */
const tables = {
  'windows-1252': `€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ${range(0xa0, 0xff)}`,
  'iso-8859-16': `${range(0x80, 0xa0)}ĄąŁ€„Š§š©Ș«Ź\u00adźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ`,
  'x-user-defined': range(0xf780, 0xf7ff),
};

/** @param {unknown} label @returns {string | undefined} the encoding that we decode ourselves */
function ownEncoding(label) {
  if (label === 'utf-8') return undefined; // which nearly all of them are
  const name = `${label}`.trim().toLowerCase();
  if (name === 'iso-8859-16' || name === 'x-user-defined') return name;
  try {
    const { encoding } = new NodeDecoder(name);
    return encoding === 'windows-1252' ? encoding : undefined;
  } catch {
    return undefined; // Node's constructor says what is wrong
  }
}

class SingleByteDecoder extends NodeDecoder {
  #encoding;

  /** @param {string} encoding one of `tables` @param {any} options of the constructor */
  constructor(encoding, options) {
    super('utf-8', options);
    this.#encoding = encoding;
  }

  get encoding() {
    return this.#encoding;
  }

  /** @param {any} [input] @returns {string} Every byte is a character: nothing is ever left for the next call. */
  decode(input = new Uint8Array(0)) {
    const bytes = ArrayBuffer.isView(input)
      ? Buffer.from(input.buffer, input.byteOffset, input.byteLength)
      : Buffer.from(input);
    const table = tables[this.#encoding];
    return bytes
      .toString('latin1')
      .replace(/[\x80-\xff]/g, (byte) => table[byte.charCodeAt(0) - 0x80]);
  }
}

const TextDecoder = new Proxy(NodeDecoder, {
  construct(target, args, newTarget) {
    const encoding = args[0] === undefined ? undefined : ownEncoding(args[0]);
    if (encoding === undefined) return Reflect.construct(target, args, newTarget);
    return new SingleByteDecoder(encoding, args[1]);
  },
});

/**
 * @param {Record<string, boolean>} flags of the Worker
 * @returns {any} the class TextDecoderStream. Options without `fatal` mean true there, unless the Worker wants the standard to the letter.
 */
function textDecoderStreamFor(flags) {
  const isFatal = flags.pedantic_wpt !== true;
  class TextDecoderStream extends TransformStream {
    #decoder;

    /** @param {string} [label] @param {{fatal?: boolean, ignoreBOM?: boolean}} [options] */
    constructor(label = 'utf-8', options) {
      const fatal = options && (options.fatal ?? isFatal);
      const decoder = new TextDecoder(label, { ...options, fatal });
      /** @param {string} text @param {any} controller */
      const give = (text, controller) => {
        if (text !== '') controller.enqueue(text);
      };
      super({
        transform: (chunk, controller) =>
          give(decoder.decode(/** @type {any} */ (chunk), { stream: true }), controller),
        flush: (controller) => give(decoder.decode(), controller),
      });
      this.#decoder = decoder;
    }

    get encoding() {
      return this.#decoder.encoding;
    }

    get fatal() {
      return this.#decoder.fatal;
    }

    get ignoreBOM() {
      return this.#decoder.ignoreBOM;
    }
  }
  defineInterface(TextDecoderStream);
  return TextDecoderStream;
}

module.exports = { TextDecoder, textDecoderStreamFor };
