// structuredClone that refuses objects of the runtime (S1.2.6). To V8 an id or a stub is an ordinary object, which it would copy
// without what makes it one.
'use strict';

const { types } = require('node:util');

/** On the prototype of such objects: true, or the text that refuses to clone them. */
const kNotStorable = Symbol.for('holdfast.notStorable');

/** @param {any} value */
function check(value) {
  const mark = value[kNotStorable];
  if (mark === undefined) return;
  const name = value.constructor?.name ?? 'Object';
  const text = `Could not serialize object of type "${name}". This type does not support serialization.`;
  throw new DOMException(typeof mark === 'string' ? mark : text, 'DataCloneError');
}

/** @param {any} value @param {Set<object>} seen */
function checkAll(value, seen) {
  if (typeof value === 'function') check(value); // stubs are callable
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return;
  seen.add(value);
  check(value);
  if (types.isMap(value) || types.isSet(value)) {
    for (const item of value.entries()) item.forEach((part) => checkAll(part, seen));
    return;
  }
  // An accessor is left to V8, which reads it once.
  for (const slot of Object.values(Object.getOwnPropertyDescriptors(value))) {
    if (slot.enumerable && 'value' in slot) checkAll(slot.value, seen);
  }
}

/**
 * @param {typeof globalThis.structuredClone} clone
 * @returns {(value: any, options?: any) => any}
 */
function cloneWithout(clone) {
  return function structuredClone(value, options) {
    if (typeof value === 'object' || typeof value === 'function') checkAll(value, new Set());
    return arguments.length === 0 ? /** @type {any} */ (clone)() : clone(value, options);
  };
}

module.exports = { cloneWithout };
