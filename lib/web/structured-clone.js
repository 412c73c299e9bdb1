// structuredClone that refuses objects of the runtime (S1.2.6). To V8 an id or a stub is an ordinary object, which it would copy
// without what makes it one.
'use strict';

const { types } = require('node:util');
const { checkStorable } = require('../storage/refusals');
const { Headers, copyHeaders } = require('./headers.js');

/** What only the class keeps: V8 would copy it as an empty object. @param {any} value */
function check(value) {
  if (value instanceof Blob || isCloneable(value)) return;
  checkStorable(value);
}

/** @param {any} value */
const isCloneable = (value) => value instanceof Headers || value instanceof DOMException;

/** Objects of the runtime that have a copy. @param {any} value */
function cloneOf(value) {
  if (value instanceof Headers) return copyHeaders(value, 'mutable');
  const copy = new DOMException(value.message, value.name);
  Object.defineProperty(copy, 'stack', { value: value.stack, configurable: true, writable: true });
  return copy;
}

const kNested = (/** @type {string} */ name) =>
  new DOMException(`Holdfast cannot clone a ${name} inside another value yet.`, 'DataCloneError');

const kPlain = new Set([Object.prototype, Array.prototype, Map.prototype, Set.prototype]);

/** @param {any} value @param {Set<object>} seen */
function checkAll(value, seen) {
  if (typeof value === 'function') check(value); // stubs are callable
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return;
  seen.add(value);
  if (!kPlain.has(Object.getPrototypeOf(value))) check(value);
  if (isCloneable(value)) throw kNested(value.constructor.name);
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
    if (isCloneable(value)) return cloneOf(value);
    if (typeof value === 'object' || typeof value === 'function')
      checkAll(value, new Set(options?.transfer ?? []));
    return arguments.length === 0 ? /** @type {any} */ (clone)() : clone(value, options);
  };
}

module.exports = { cloneWithout };
