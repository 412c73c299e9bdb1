'use strict';
// What has no copy: which values V8 or workerd refuses, and the errors that say so (spec S7.5.5).

const { types } = require('node:util');

/** @param {unknown} value */
const uncloneable = (value) =>
  new DOMException(`${describe(value)} could not be cloned.`, 'DataCloneError');

/** As V8 writes it. @param {any} value */
function describe(value) {
  if (typeof value === 'symbol' || typeof value === 'function') return String(value);
  const isNamed = !isIterator(value) && !types.isSymbolObject(value);
  const name = isNamed ? value.constructor?.name : undefined;
  return typeof name === 'string' && name !== ''
    ? `#<${name}>`
    : `[object ${value[Symbol.toStringTag] ?? 'Object'}]`;
}

const kIteratorPrototypes = [
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
  Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype),
];

/** Iterators and generators. @param {object} value */
const isIterator = (value) =>
  kIteratorPrototypes.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value));

/** S7.5.5 @param {any} value */
function unsupported(value) {
  return unsupportedType(value.constructor?.name || 'Object');
}

/** @param {string} name */
function unsupportedType(name) {
  return new DOMException(
    `Could not serialize object of type "${name}". This type does not support serialization.`,
    'DataCloneError',
  );
}

/** @type {Function[]} */
const kUncloneableTypes = [
  WeakRef,
  FinalizationRegistry,
  ...Object.getOwnPropertyNames(Intl)
    .map((name) => /** @type {any} */ (Intl)[name])
    .filter((value) => typeof value === 'function' && value.prototype !== undefined),
];

/** What V8 itself refuses. @param {any} value */
const isUncloneable = (value) =>
  types.isPromise(value) ||
  types.isWeakMap(value) ||
  types.isWeakSet(value) ||
  types.isSymbolObject(value) ||
  kUncloneableTypes.some((Type) => value instanceof Type) ||
  (isIterator(value) && !Object.hasOwn(value, 'next'));

module.exports = { isUncloneable, uncloneable, unsupported, unsupportedType };
