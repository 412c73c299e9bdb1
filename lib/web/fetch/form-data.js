// FormData (S9.2): entries in order, texts and Files.
//
// Not Node's class: that one loads undici, names a Blob without a name "blob" where Workers takes the name of the field, and refuses a
// file name beside a text, which Workers ignores. A program's FormData of Node is taken as a body all the same (multipart.js).
'use strict';

const { IteratorPrototype } = require('../../storage/iterator-prototype');
const { parameterError } = require('../errors.js');
const { defineInterface } = require('../interface.js');
const { instanceOfEither } = require('../originals.js');
const { toUsv } = require('../usv-string.js');

const VALUE_TYPE = 'File or Blob or string';

/** @param {any} value */
const toUsvString = (value) => toUsv(`${value}`);

/** @typedef {[name: string, value: string | File]} FormEntry */

/** @param {string} method @param {IArguments} args @param {string[]} types of those that must be there */
function checkArity(method, args, types) {
  const missing = types.findIndex((_, n) => n >= args.length);
  if (missing >= 0) throw parameterError(method, 'FormData', missing + 1, types[missing]);
}

/** @param {string} name @param {any} value @param {any} filename @returns {string | File} */
function toValue(name, value, filename) {
  if (!(value instanceof Blob)) return toUsvString(value);
  const isNamed = filename !== undefined;
  if (value instanceof File && !isNamed) return value;
  return new File([value], isNamed ? toUsvString(filename) : name, { type: value.type });
}

/** @type {(form: FormData, entries: FormEntry[]) => void} */
let fill;

class FormData {
  /** @type {FormEntry[]} */
  #entries = [];

  /** @param {any} name @param {any} value @param {any} [filename] of a Blob */
  append(name, value, filename) {
    checkArity('append', arguments, ['string', VALUE_TYPE]);
    const key = toUsvString(name);
    this.#entries.push([key, toValue(key, value, filename)]);
  }

  /** In the place of the first of that name. @param {any} name @param {any} value @param {any} [filename] of a Blob */
  set(name, value, filename) {
    checkArity('set', arguments, ['string', VALUE_TYPE]);
    const key = toUsvString(name);
    const entry = /** @type {FormEntry} */ ([key, toValue(key, value, filename)]);
    const at = this.#entries.findIndex(([other]) => other === key);
    if (at < 0) this.#entries.push(entry);
    else
      this.#entries = this.#entries
        .filter(([other], i) => i <= at || other !== key)
        .with(at, entry);
  }

  /** @param {any} name */
  delete(name) {
    checkArity('delete', arguments, ['string']);
    const key = toUsvString(name);
    this.#entries = this.#entries.filter(([other]) => other !== key);
  }

  /** @param {any} name @returns {string | File | null} */
  get(name) {
    checkArity('get', arguments, ['string']);
    return this.#named(name)[0] ?? null;
  }

  /** @param {any} name @returns {(string | File)[]} */
  getAll(name) {
    checkArity('getAll', arguments, ['string']);
    return this.#named(name);
  }

  /** @param {any} name @returns {boolean} */
  has(name) {
    checkArity('has', arguments, ['string']);
    return this.#named(name).length > 0;
  }

  /** @param {any} name */
  #named(name) {
    const key = toUsvString(name);
    return this.#entries.filter(([other]) => other === key).map(([, value]) => value);
  }

  /** @param {(value: any, name: string, form: FormData) => void} callback @param {any} [self] */
  forEach(callback, self) {
    if (typeof callback !== 'function') throw parameterError('forEach', 'FormData', 1, 'function');
    for (const [name, value] of this.entries()) callback.call(self, value, name, this);
  }

  entries() {
    return this.#iterate(([name, value]) => /** @type {FormEntry} */ ([name, value]));
  }

  keys() {
    return this.#iterate(([name]) => name);
  }

  values() {
    return this.#iterate(([, value]) => value);
  }

  /** Entries that are added meanwhile come, too, also after the end. @template T @param {(entry: FormEntry) => T} pick */
  #iterate(pick) {
    let at = 0;
    const next = () => {
      const done = at >= this.#entries.length;
      return { done, value: done ? undefined : pick(this.#entries[at++]) };
    };
    return /** @type {IterableIterator<T>} */ (
      /** @type {unknown} */ ({ next, __proto__: IteratorPrototype })
    );
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return instanceOfEither(this, FormData, value);
  }

  static {
    fill = (form, entries) => void (form.#entries = entries);
  }
}

defineInterface(FormData);

/** @param {FormEntry[]} entries @returns {FormData} */
function formDataOf(entries) {
  const form = new FormData();
  fill(form, entries);
  return form;
}

module.exports = { FormData, formDataOf };
