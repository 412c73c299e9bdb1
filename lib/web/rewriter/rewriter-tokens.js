// What handlers of an HTMLRewriter get: Element, EndTag, Comment, Text, Doctype, DocumentEnd.
'use strict';

const { parameterError } = require('../errors.js');
const { defineInterface } = require('../interface.js');
const {
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
} = require('./rewriter-token.js');

/** @typedef {import('./rewriter-codec.js').RewriterCodec} Codec */

/** Properties that are refused where the encoding does not have all of their text. @type {Record<string, string>} */
const whole = { text: 'Comment text', tagName: 'The tag name' };

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
        return read(this, key);
      },
      set: sets.includes(key)
        ? /** @this {Token} @param {any} value */ function (value) {
            const raw = rawOf(this);
            const text = `${value}`;
            const given = key in whole ? rawName(this, text, whole[key]) : rawText(this, text);
            attempt(() => (raw[key] = given));
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
    const raw = rawOf(this);
    const codec = codecOf(this);
    const value = raw.getAttribute(codec?.toRawWhole(key) ?? key) ?? null;
    return codec === undefined ? value : decoded(value, codec);
  },
  /** @this {Token} @param {any[]} args */
  hasAttribute(...args) {
    const [key] = stringsOnly('Element', 'hasAttribute', 1)(args);
    return rawOf(this).hasAttribute(codecOf(this)?.toRawWhole(key) ?? key);
  },
  /** @this {Token} @param {any[]} args */
  setAttribute(...args) {
    const [key, value] = stringsOnly('Element', 'setAttribute', 2)(args);
    const raw = rawOf(this);
    const name = rawName(this, key, 'The attribute name');
    attempt(() => raw.setAttribute(name, rawText(this, value)));
    return this;
  },
  /** @this {Token} @param {any[]} args */
  removeAttribute(...args) {
    const [key] = stringsOnly('Element', 'removeAttribute', 1)(args);
    rawOf(this).removeAttribute(codecOf(this)?.toRawWhole(key) ?? key);
    return this;
  },
  /** @this {Token} @param {any} callback called with the EndTag */
  onEndTag(callback) {
    const raw = rawOf(this);
    if (typeof callback !== 'function') throw parameterError('onEndTag', 'Element', 1, 'function');
    attempt(() => raw.onEndTag(runner(EndTag, undefined, callback, codecOf(this))));
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
 * @param {Codec} [codec] of a document that is not UTF-8
 * @returns {(raw: any) => any}
 */
function runner(Type, self, handler, codec) {
  const textOfNode = Type === Text ? codec?.textNodes() : undefined;
  return (raw) => {
    const token = new Type(kMake, raw, codec);
    if (textOfNode) setText(token, textOfNode(raw.text, raw.lastInTextNode));
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
 * @param {Codec} [codec] of a document that is not UTF-8
 */
function parserHandlers(handlers, tokens, guard, codec) {
  return Object.fromEntries(
    Object.entries(tokens).flatMap(([name, Type]) => {
      const handler = handlers[name];
      if (typeof handler !== 'function') return [];
      return [[name, guard(runner(Type, handlers, handler, codec))]];
    }),
  );
}

module.exports = { documentTokens, elementTokens, parserHandlers, toError };
