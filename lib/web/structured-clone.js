// structuredClone that refuses objects of the runtime (S1.2.6). To V8 an id or a stub is an ordinary object, which it would copy
// without what makes it one; Headers, Request, Response and DOMException, which can be cloned, have nothing that V8 sees; and of an
// error it would drop the name and the properties. A value that holds one of these is cloned as workerd clones all: written as it is
// stored, and read.
'use strict';

const { Blob, File } = require('node:buffer');
const { types } = require('node:util');
const { stubName } = require('../rpc/detail-string');
const { isStoredError } = require('../storage/error-codec');
const { addHostForm, hostFormOf } = require('../storage/host-objects');
const { checkStorable } = require('../storage/refusals');
const { deserialize, serialize } = require('../storage/value-codec');
const { settings } = require('./settings.js');

/** Blobs of the value that is being cloned: their bytes cannot be had at once, so they are shared. @type {Blob[] | undefined} */
let blobs;

addHostForm(Blob.prototype, {
  tag: 0x7fffffff, // never stored
  take(blob) {
    if (blobs === undefined || blob instanceof File) checkStorable(blob);
    const index = /** @type {Blob[]} */ (blobs).push(blob.slice(0, blob.size, blob.type)) - 1;
    return { head: (writer) => writer.writeUint32(index), values: [] };
  },
  read: (reader) => blobs?.[reader.readUint32()],
});

const kPlain = new Set([Object.prototype, Array.prototype, Map.prototype, Set.prototype]);

/** @param {any} value an object @returns {boolean} what V8 would copy as an empty object, and has a stored form */
const hasStoredForm = (value) =>
  value instanceof DOMException ||
  (settings.enhancedErrors && isStoredError(value)) ||
  hostFormOf(value) !== undefined;

/**
 * @param {any} value
 * @param {Set<object>} seen
 * @returns {boolean} whether it holds something that has a stored form
 * @throws {DOMException} it holds something that cannot be cloned
 */
function checkAll(value, seen) {
  if (typeof value === 'function') checkFunction(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return false;
  seen.add(value);
  if (!kPlain.has(Object.getPrototypeOf(value))) {
    const isStored = hasStoredForm(value);
    if (isStored && !isStoredError(value)) return true;
    if (isStored) {
      for (const part of allParts(value)) checkAll(part, seen);
      return true;
    }
    checkStorable(value);
  }
  let found = false;
  for (const part of parts(value)) if (checkAll(part, seen)) found = true;
  return found;
}

/** Stubs are callable, as in workerd, where V8 therefore has the word. @param {any} value */
function checkFunction(value) {
  const name = stubName(value);
  if (name?.startsWith('Rpc'))
    throw new DOMException(`#<${name}> could not be cloned.`, 'DataCloneError');
  checkStorable(value);
}

/** @param {any} value @returns {any[]} an accessor is left to V8, which reads it once */
function parts(value) {
  if (types.isMap(value)) return [...value].flat();
  if (types.isSet(value)) return [...value];
  return Object.values(Object.getOwnPropertyDescriptors(value)).flatMap((slot) =>
    slot.enumerable && 'value' in slot ? [slot.value] : [],
  );
}

/** Of an error, which is cloned with what is not enumerable. Its stack is a text, which Node writes out when it is looked at. @param {any} error */
const allParts = (error) =>
  Object.getOwnPropertyNames(error)
    .filter((name) => name !== 'stack')
    .map((name) => Object.getOwnPropertyDescriptor(error, name)?.value);

/**
 * @param {any} value
 * @param {any[]} transfer
 * @param {typeof globalThis.structuredClone} clone
 */
function cloneStored(value, transfer, clone) {
  if (!transfer.every((item) => types.isArrayBuffer(item)))
    throw new DOMException(
      'Holdfast transfers nothing but ArrayBuffers beside an error or an object of the platform.',
      'DataCloneError',
    );
  blobs = [];
  try {
    const bytes = serialize(value, { enhancedErrors: settings.enhancedErrors, transfer });
    return deserialize(bytes, { transfer: clone(transfer, { transfer }) });
  } finally {
    blobs = undefined;
  }
}

/**
 * @param {typeof globalThis.structuredClone} clone
 * @returns {(value: any, options?: any) => any}
 */
function cloneWithout(clone) {
  return function structuredClone(value, options) {
    if (typeof value === 'object' || typeof value === 'function') {
      const transfer = [...(options?.transfer ?? [])];
      if (checkAll(value, new Set(transfer))) return cloneStored(value, transfer, clone);
    }
    return arguments.length === 0 ? /** @type {any} */ (clone)() : clone(value, options);
  };
}

module.exports = { cloneWithout };
