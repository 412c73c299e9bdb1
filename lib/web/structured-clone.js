// structuredClone that refuses objects of the runtime (S1.2.6). To V8 an id or a stub is an ordinary object, which it would copy
// without what makes it one; and Headers, Request, Response and DOMException, which can be cloned, have nothing that V8 sees. A value
// that holds one of these is cloned as workerd clones all: written as it is stored, and read.
'use strict';

const { types } = require('node:util');
const { hostFormOf } = require('../storage/host-objects');
const { checkStorable } = require('../storage/refusals');
const { deserialize, serialize } = require('../storage/value-codec');

const kPlain = new Set([Object.prototype, Array.prototype, Map.prototype, Set.prototype]);

/** @param {any} value an object @returns {boolean} what V8 would copy as an empty object, and has a stored form */
const hasStoredForm = (value) => value instanceof DOMException || hostFormOf(value) !== undefined;

/**
 * @param {any} value
 * @param {Set<object>} seen
 * @returns {boolean} whether it holds something that has a stored form
 * @throws {DOMException} it holds something that cannot be cloned
 */
function checkAll(value, seen) {
  if (typeof value === 'function') checkStorable(value); // stubs are callable
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return false;
  seen.add(value);
  if (!kPlain.has(Object.getPrototypeOf(value))) {
    if (hasStoredForm(value)) return true;
    if (!isBlob(value)) checkStorable(value);
  }
  let found = false;
  for (const part of parts(value)) if (checkAll(part, seen)) found = true;
  return found;
}

/** V8 copies it by itself; a File it would make a Blob. @param {any} value */
const isBlob = (value) => value instanceof Blob && !(value instanceof File);

/** @param {any} value @returns {any[]} an accessor is left to V8, which reads it once */
function parts(value) {
  if (types.isMap(value)) return [...value].flat();
  if (types.isSet(value)) return [...value];
  return Object.values(Object.getOwnPropertyDescriptors(value)).flatMap((slot) =>
    slot.enumerable && 'value' in slot ? [slot.value] : [],
  );
}

/**
 * @param {typeof globalThis.structuredClone} clone
 * @returns {(value: any, options?: any) => any}
 */
function cloneWithout(clone) {
  return function structuredClone(value, options) {
    if (typeof value === 'object' || typeof value === 'function') {
      const transfer = [...(options?.transfer ?? [])];
      const isStored = checkAll(value, new Set(transfer));
      if (isStored && transfer.length > 0)
        throw new DOMException(
          'Holdfast cannot transfer what is beside Headers, a Request, a Response or a DOMException.',
          'DataCloneError',
        );
      if (isStored) return deserialize(serialize(value));
    }
    return arguments.length === 0 ? /** @type {any} */ (clone)() : clone(value, options);
  };
}

module.exports = { cloneWithout };
