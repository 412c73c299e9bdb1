// Headers: WHATWG Headers as Workers has them (S9.2): names in lower case, iteration sorted, Set-Cookie kept apart,
// getAll() for Set-Cookie only.
//
// Headers of a request that came in stay the text the server received until somebody asks for one. Copies share
// the list until one of them changes.
//
// Values are strings of any characters but NUL, CR and LF; what is not ASCII travels as UTF-8.
'use strict';

const { constructorError, parameterError } = require('../errors.js');
const {
  INIT_TYPE,
  checkName,
  checkValue,
  isInit,
  sequenceOfStrings,
} = require('./header-checks.js');
const { defineInterface } = require('../interface.js');
const { instanceOfEither, isOriginal } = require('../originals.js');

const kInternal = Symbol('internal');

const immutableError = () => new TypeError("Can't modify immutable headers.");

/** @param {string} method @param {IArguments} args @param {number} count */
function checkArity(method, args, count) {
  for (let n = 0; n < count; n++) {
    if (args[n] === undefined && n >= args.length) {
      throw parameterError(method, 'Headers', n + 1, 'string');
    }
  }
}

/**
 * What other files of this folder may do with the private state.
 * @type {{
 *   fromWire(wire: string): Headers,
 *   copy(from: Headers, guard: 'mutable' | 'immutable'): Headers,
 *   freeze(headers: Headers): void,
 *   isFrozen(headers: Headers): boolean,
 *   toWire(headers: Headers): string,
 *   list(headers: Headers): readonly string[],
 *   isOwn(value: unknown): boolean,
 * }}
 */
const access = /** @type {any} */ ({});

class Headers {
  /** @type {string | null} Wire form "name\0value\0..." that was not read yet. */
  #wire = null;
  /** @type {string[]} name, value, name, value, ... in order of arrival. */
  #list = [];
  #shared = false;
  #immutable = false;

  /** @param {any} [init] Headers, pairs, or an object. */
  constructor(init) {
    if (init === undefined || init === kInternal) return;
    if (!isInit(init)) throw constructorError('Headers', 1, INIT_TYPE);
    if (#list in init) {
      this.#list = init.#open().slice();
      return;
    }
    this.#fill(isOriginal(init, 'Headers') ? [...init] : init);
  }

  /** @param {any} init */
  #fill(init) {
    if (typeof init[Symbol.iterator] !== 'function') {
      for (const name of Object.keys(init)) this.append(name, init[name]);
      return;
    }
    const pairs = Array.from(init, sequenceOfStrings);
    if (pairs.some(({ length }) => length !== 2)) {
      throw new TypeError(
        'To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.',
      );
    }
    for (const [name, value] of pairs) this.append(name, value);
  }

  /** The list, for reading. */
  #open() {
    if (this.#wire !== null) {
      const list = this.#wire.split('\0');
      if (list.length % 2 === 1) list.pop();
      this.#list = list;
      this.#wire = null;
    }
    return this.#list;
  }

  /** The list, for changing. */
  #change() {
    if (this.#immutable) throw immutableError();
    const list = this.#open();
    if (!this.#shared) return list;
    this.#shared = false;
    this.#list = list.slice();
    return this.#list;
  }

  /** In workerd's order. @param {unknown} name @param {unknown} value @returns {[key: string, text: string]} */
  #checkPair(name, value) {
    const nameText = `${/** @type {any} */ (name)}`;
    const valueText = `${/** @type {any} */ (value)}`;
    if (this.#immutable) throw immutableError();
    const text = checkValue(valueText);
    return [checkName(nameText), text];
  }

  /** @param {string} name @returns {string | null} */
  get(name) {
    checkArity('get', arguments, 1);
    const key = checkName(name);
    const list = this.#open();
    /** @type {string | null} */
    let value = null;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === key) value = value === null ? list[i + 1] : `${value}, ${list[i + 1]}`;
    }
    return value;
  }

  /** @param {string} name Only "Set-Cookie". @returns {string[]} */
  getAll(name) {
    checkArity('getAll', arguments, 1);
    if (`${name}`.toLowerCase() !== 'set-cookie') {
      throw new TypeError('getAll() can only be used with the header name "Set-Cookie".');
    }
    return this.getSetCookie();
  }

  /** @returns {string[]} */
  getSetCookie() {
    return this.#open().filter((_, i, list) => i % 2 === 1 && list[i - 1] === 'set-cookie');
  }

  /** @param {string} name @returns {boolean} */
  has(name) {
    checkArity('has', arguments, 1);
    const key = checkName(name);
    const list = this.#open();
    for (let i = 0; i < list.length; i += 2) if (list[i] === key) return true;
    return false;
  }

  /** @param {string} name @param {string} value */
  set(name, value) {
    checkArity('set', arguments, 2);
    const [key, text] = this.#checkPair(name, value);
    const list = this.#change();
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] !== key) continue;
      list[i + 1] = text;
      for (let j = list.length - 2; j > i; j -= 2) if (list[j] === key) list.splice(j, 2);
      return;
    }
    list.push(key, text);
  }

  /** @param {string} name @param {string} value */
  append(name, value) {
    checkArity('append', arguments, 2);
    const [key, text] = this.#checkPair(name, value);
    this.#change().push(key, text);
  }

  /** @param {string} name */
  delete(name) {
    checkArity('delete', arguments, 1);
    const nameText = `${name}`;
    const list = this.#change();
    const key = checkName(nameText);
    for (let i = list.length - 2; i >= 0; i -= 2) if (list[i] === key) list.splice(i, 2);
  }

  /** @param {(value: string, name: string, headers: Headers) => void} callback @param {any} [self] */
  forEach(callback, self) {
    if (typeof callback !== 'function') throw parameterError('forEach', 'Headers', 1, 'function');
    for (const [name, value] of this.#sorted()) callback.call(self, value, name, this);
  }

  /** The entries as they are now; later changes do not show. */
  entries() {
    return this.#sorted().values();
  }

  keys() {
    return this.#sorted()
      .map(([name]) => name)
      .values();
  }

  values() {
    return this.#sorted()
      .map(([, value]) => value)
      .values();
  }

  [Symbol.iterator]() {
    return this.#sorted().values();
  }

  /** @returns {Array<[string, string]>} */
  #sorted() {
    const list = this.#open();
    /** @type {Array<[string, string]>} */
    const cookies = [];
    /** @type {Map<string, string>} */
    const merged = new Map();
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i];
      const value = list[i + 1];
      if (name === 'set-cookie') {
        cookies.push([name, value]);
        continue;
      }
      const before = merged.get(name);
      merged.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    return [...merged, ...cookies].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, Headers, value);
  }

  /** @param {string} wire */
  static #fromWire(wire) {
    const headers = new Headers(kInternal);
    headers.#wire = wire;
    headers.#immutable = true;
    return headers;
  }

  /** @param {Headers} from @param {'mutable' | 'immutable'} guard */
  static #copy(from, guard) {
    const headers = new Headers(kInternal);
    headers.#immutable = guard === 'immutable';
    if (from.#wire !== null) {
      headers.#wire = from.#wire;
      return headers;
    }
    headers.#list = from.#list;
    headers.#shared = from.#shared = true;
    return headers;
  }

  /** @param {Headers} headers */
  static #freeze(headers) {
    headers.#immutable = true;
  }

  /** @param {Headers} headers */
  static #toWire(headers) {
    const list = headers.#open();
    let text = '';
    for (let i = 0; i < list.length; i += 2) text += `${list[i]}: ${list[i + 1]}\r\n`;
    return text;
  }

  static {
    access.fromWire = (wire) => Headers.#fromWire(wire);
    access.copy = (from, guard) => Headers.#copy(from, guard);
    access.freeze = (headers) => Headers.#freeze(headers);
    access.isFrozen = (headers) => headers.#immutable;
    access.toWire = (headers) => Headers.#toWire(headers);
    access.list = (headers) => headers.#open();
    access.isOwn = (value) => typeof value === 'object' && value !== null && #list in value;
  }
}

defineInterface(Headers);

/**
 * One header of the wire form, as get() gives it, without a Headers.
 * @param {string} wire "name\0value\0..."
 * @param {string} name in lower case
 * @returns {string | null}
 */
function wireValue(wire, name) {
  /** @type {string | null} */
  let value = null;
  for (let at = 0; at < wire.length;) {
    const nameEnd = wire.indexOf('\0', at);
    const valueEnd = wire.indexOf('\0', nameEnd + 1);
    if (nameEnd < 0 || valueEnd < 0) break;
    if (nameEnd - at === name.length && wire.startsWith(name, at)) {
      const one = wire.slice(nameEnd + 1, valueEnd);
      value = value === null ? one : `${value}, ${one}`;
    }
    at = valueEnd + 1;
  }
  return value;
}

module.exports = {
  Headers,
  /** Mutable headers of the member `headers` of an init. @param {any} value */
  headersOfInit: (value) =>
    access.isOwn(value) ? access.copy(value, 'mutable') : new Headers(value),
  wireValue,
  /** Immutable headers of a request that came in: "name\0value\0...", names in lower case. */
  headersFromWire: access.fromWire,
  /** A copy that shares its list with `from` until one of them changes. */
  copyHeaders: access.copy,
  /** As copyHeaders; the copy is immutable if `from` is. @param {Headers} from */
  cloneHeaders: (from) => access.copy(from, access.isFrozen(from) ? 'immutable' : 'mutable'),
  freezeHeaders: access.freeze,
  isFrozenHeaders: access.isFrozen,
  /** "name: value\r\n..." for the wire. */
  headersToWire: access.toWire,
  /** name, value, name, value, ... in order of arrival. Not to be changed. */
  headersList: access.list,
  isOwnHeaders: access.isOwn,
};
