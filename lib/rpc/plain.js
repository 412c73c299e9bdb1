'use strict';

/**
 * Of any realm: what Node reads from storage and what a test in a vm context makes differ in theirs.
 * @param {object | null} prototype
 */
const isPlainPrototype = (prototype) =>
  prototype === Object.prototype ||
  (prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf'));

/** @param {any} value */
const isPlainObject = (value) =>
  typeof value === 'object' && value !== null && isPlainPrototype(Object.getPrototypeOf(value));

module.exports = { isPlainObject };
