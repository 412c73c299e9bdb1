// What handlers of an HTMLRewriter get: Element, EndTag, Comment, Text, Doctype, DocumentEnd. Each stands on a token of the parser, which
// is gone when the handler has ended; using it then is a TypeError.
'use strict';

const { parameterError } = require('./errors.js');
const { defineInterface } = require('./interface.js');
const { isResponse } = require('./response.js');

const GONE =
  'This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.';
const kMake = Symbol('make');

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
  /** Content that comes from a stream, and what was asked for after it. @type {Promise<void> | undefined} */
  #queue;

  /** @param {symbol} key @param {any} raw */
  constructor(key, raw) {
    if (key !== kMake) throw new TypeError('Illegal constructor');
    this.#raw = raw;
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
    const html = { html: Boolean(options?.html) };
    const stream = isResponse(content) ? content.body : content;
    const isStream = stream instanceof ReadableStream;
    if (!isStream && token.#queue === undefined) {
      attempt(() => raw[method](isResponse(content) ? '' : `${content}`, html));
      return;
    }
    const before = token.#queue ?? Promise.resolve();
    token.#queue = before.then(async () => {
      const text = isStream ? await textOf(stream) : `${content}`;
      attempt(() => raw[method](text, html));
    });
    token.#queue.catch(() => {});
  }
}
const { raw: rawOf, end: endToken, queue: queueOf, insert } = Token;
for (const name of ['raw', 'end', 'queue', 'insert']) Reflect.deleteProperty(Token, name);

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

/** @param {string} iface @param {string} method @param {number} count */
const stringsOnly = (iface, method, count) => (/** @type {any[]} */ args) => {
  for (let n = 0; n < count; n += 1)
    if (args[n] === undefined) throw parameterError(method, iface, n + 1, 'string');
  return args.slice(0, count).map((value) => `${value}`);
};

/**
 * @param {string} name of the interface
 * @param {object} members
 * @param {string[]} [members.inserts] methods that take content; they return the token
 * @param {string[]} [members.changes] methods without arguments; they return the token
 * @param {string[]} [members.gets]
 * @param {string[]} [members.sets] properties that can be assigned, too
 */
function tokenClass(name, { inserts = [], changes = [], gets = [], sets = [] }) {
  const type = { [name]: class extends Token {} }[name];
  /** @param {string} key @param {PropertyDescriptor} slot */
  const define = (key, slot) =>
    Object.defineProperty(type.prototype, key, { configurable: true, ...slot });
  for (const key of inserts) {
    const { [key]: value } = {
      /** @this {Token} @param {any} content @param {any} options */
      [key](content, options) {
        if (content === undefined)
          throw parameterError(key, name, 1, 'string or ReadableStream or Response');
        insert(this, key, content, options);
        return this;
      },
    };
    define(key, { value, writable: true });
  }
  for (const key of changes) {
    const { [key]: value } = {
      /** @this {Token} */
      [key]() {
        const raw = rawOf(this);
        attempt(() => raw[key]());
        return this;
      },
    };
    define(key, { value, writable: true });
  }
  for (const key of [...gets, ...sets]) {
    define(key, {
      /** @this {Token} */
      get() {
        return rawOf(this)[key];
      },
      set: sets.includes(key)
        ? /** @this {Token} @param {any} value */ function (value) {
            const raw = rawOf(this);
            attempt(() => (raw[key] = `${value}`));
          }
        : undefined,
    });
  }
  return type;
}

const around = ['before', 'after'];
const Doctype = tokenClass('Doctype', { gets: ['name', 'publicId', 'systemId'] });
const Comment = tokenClass('Comment', {
  inserts: [...around, 'replace'],
  changes: ['remove'],
  gets: ['removed'],
  sets: ['text'],
});
const Text = tokenClass('Text', {
  inserts: [...around, 'replace'],
  changes: ['remove'],
  gets: ['text', 'lastInTextNode', 'removed'],
});
const EndTag = tokenClass('EndTag', { inserts: around, changes: ['remove'], sets: ['name'] });
const DocumentEnd = tokenClass('DocumentEnd', { inserts: ['append'] });
const BaseElement = tokenClass('Element', {
  inserts: [...around, 'replace', 'prepend', 'append', 'setInnerContent'],
  changes: ['remove', 'removeAndKeepContent'],
  gets: ['namespaceURI', 'removed', 'attributes'],
  sets: ['tagName'],
});

/** @type {any} */
const elementMethods = {
  /** @this {Token} @param {any[]} args */
  getAttribute(...args) {
    const [key] = stringsOnly('Element', 'getAttribute', 1)(args);
    return rawOf(this).getAttribute(key) ?? null;
  },
  /** @this {Token} @param {any[]} args */
  hasAttribute(...args) {
    const [key] = stringsOnly('Element', 'hasAttribute', 1)(args);
    return rawOf(this).hasAttribute(key);
  },
  /** @this {Token} @param {any[]} args */
  setAttribute(...args) {
    const [key, value] = stringsOnly('Element', 'setAttribute', 2)(args);
    const raw = rawOf(this);
    attempt(() => raw.setAttribute(key, value));
    return this;
  },
  /** @this {Token} @param {any[]} args */
  removeAttribute(...args) {
    const [key] = stringsOnly('Element', 'removeAttribute', 1)(args);
    rawOf(this).removeAttribute(key);
    return this;
  },
  /** @this {Token} @param {any} callback called with the EndTag */
  onEndTag(callback) {
    const raw = rawOf(this);
    if (typeof callback !== 'function') throw parameterError('onEndTag', 'Element', 1, 'function');
    attempt(() => raw.onEndTag(runner(EndTag, undefined, callback)));
  },
};
const Element = BaseElement;
for (const [key, value] of Object.entries(elementMethods))
  Object.defineProperty(Element.prototype, key, { value, writable: true, configurable: true });
for (const type of [Doctype, Comment, Text, EndTag, DocumentEnd, Element]) defineInterface(type);

/**
 * What the parser calls for a handler of the user.
 * @param {typeof Token} Type
 * @param {any} self `this` of the handler
 * @param {Function} handler
 * @returns {(raw: any) => any}
 */
function runner(Type, self, handler) {
  return (raw) => {
    const token = new Type(kMake, raw);
    let result;
    try {
      result = Reflect.apply(handler, self, [token]);
    } catch (error) {
      endToken(token);
      throw error;
    }
    if (typeof result?.then !== 'function' && queueOf(token) === undefined) {
      endToken(token);
      return undefined;
    }
    return Promise.resolve(result)
      .then(() => queueOf(token))
      .finally(() => endToken(token));
  };
}

/** Names of handlers, with what they get. */
const elementTokens = { element: Element, comments: Comment, text: Text };
const documentTokens = { doctype: Doctype, comments: Comment, text: Text, end: DocumentEnd };

/**
 * The handlers of a user as the parser wants them.
 * @param {any} handlers
 * @param {Record<string, typeof Token>} tokens
 * @param {(run: (raw: any) => any) => (raw: any) => any} guard around each call
 */
function parserHandlers(handlers, tokens, guard) {
  return Object.fromEntries(
    Object.entries(tokens).flatMap(([name, Type]) => {
      const handler = handlers[name];
      if (typeof handler !== 'function') return [];
      return [[name, guard(runner(Type, handlers, handler))]];
    }),
  );
}

module.exports = { documentTokens, elementTokens, parserHandlers, toError };
