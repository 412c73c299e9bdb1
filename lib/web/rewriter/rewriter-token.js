// Token: what all that handlers of an HTMLRewriter get has in common: it stands on a token of the parser, which is gone when the handler
// has ended; using it then is a TypeError.
'use strict';

const { isResponse } = require('../fetch/response.js');

const GONE =
  'This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.';
const kMake = Symbol('make');

/** @typedef {import('./rewriter-codec.js').RewriterCodec} Codec */

/** The parser's errors are strings. @param {any} error */
function toError(error) {
  const text = `${error?.message ?? error}`.replace(
    'comment closing sequence (`-->`).',
    'a comment-closing sequence.',
  );
  return new TypeError(text.startsWith('Parser error: ') ? text : `Parser error: ${text}`);
}

class Token {
  /** @type {any} The parser's; null when the handler has ended. */
  #raw;
  /** Of a document that is not UTF-8. @type {Codec | undefined} */
  #codec;
  /** What it says where a chunk of text may end within a character. @type {string | undefined} */
  #text;
  /** Content that comes from a stream, and what was asked for after it. @type {Promise<void> | undefined} */
  #queue;

  /** @param {symbol} key @param {any} raw @param {Codec} [codec] */
  constructor(key, raw, codec) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#raw = raw;
    this.#codec = codec;
  }

  /** @param {Token} token @returns {Codec | undefined} */
  static codec(token) {
    return token.#codec;
  }

  /** @param {Token} token @param {string} text */
  static setText(token, text) {
    token.#text = text;
  }

  /** @param {Token} token @param {string} key @returns {any} */
  static read(token, key) {
    const value = rawOf(token)[key];
    if (key === 'text' && token.#text !== undefined) return token.#text;
    return token.#codec === undefined ? value : decoded(value, token.#codec);
  }

  /** @param {Token} token @returns {any} */
  static raw(token) {
    if (token.#raw === null) throw new TypeError(GONE);
    return token.#raw;
  }

  /** @param {Token} token */
  static end(token) {
    token.#raw = null;
  }

  /** @param {Token} token @returns {Promise<void> | undefined} */
  static queue(token) {
    return token.#queue;
  }

  /** @param {Token} token @param {string} method @param {any} content @param {any} options */
  static insert(token, method, content, options) {
    const raw = rawOf(token);
    const codec = token.#codec;
    const isMarkup = Boolean(options?.html);
    /** @param {string} text */
    const put = (text) => {
      if (codec === undefined) raw[method](text, { html: isMarkup });
      else raw[method](isMarkup ? codec.toRaw(text) : codec.toMarkup(text), { html: true });
    };
    const stream = isResponse(content) ? content.body : content;
    const isStream = stream instanceof ReadableStream;
    if (!isStream && token.#queue === undefined) {
      attempt(() => put(isResponse(content) ? '' : `${content}`));
      return;
    }
    const before = token.#queue ?? Promise.resolve();
    token.#queue = before.then(async () => {
      const text = isStream ? await textOf(stream) : `${content}`;
      attempt(() => put(text));
    });
    token.#queue.catch(() => {});
  }
}
const { raw: rawOf, end: endToken, queue: queueOf, insert, codec: codecOf, setText, read } = Token;
for (const name of ['raw', 'end', 'queue', 'insert', 'codec', 'setText', 'read'])
  Reflect.deleteProperty(Token, name);

/** @param {any} raw of a token @param {Codec} codec @returns {any} */
function decoded(raw, codec) {
  if (typeof raw === 'string') return codec.toText(raw);
  if (typeof raw?.[Symbol.iterator] !== 'function') return raw;
  return Array.from(raw, (/** @type {string[]} */ pair) =>
    pair.map((text) => codec.toText(text)),
  ).values();
}

/** @param {Token} token @param {string} text @param {string} what it is: refused where the encoding does not have it @returns {string} */
function rawName(token, text, what) {
  const codec = codecOf(token);
  if (codec === undefined) return text;
  const raw = codec.toRawWhole(text);
  if (raw === undefined)
    throw toError(
      `${what} contains a character that can't be represented in the document's character encoding.`,
    );
  return raw;
}

/** @param {Token} token @param {string} text @returns {string} */
const rawText = (token, text) => codecOf(token)?.toRaw(text) ?? text;

/** @template T @param {() => T} run @returns {T} */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    throw toError(error);
  }
}

/** @param {ReadableStream} stream @returns {Promise<string>} */
async function textOf(stream) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of /** @type {any} */ (stream))
    text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

module.exports = {
  Token,
  attempt,
  codecOf,
  decoded,
  endToken,
  insert,
  kMake,
  queueOf,
  rawName,
  rawOf,
  rawText,
  read,
  setText,
  toError,
};
