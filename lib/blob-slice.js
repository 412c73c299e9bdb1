'use strict';
// guardBlobSlice: `blob.slice(1.5)` must not end the process.
//
// slice() of Node 20 hands its arguments to C++, which asserts that they are whole numbers; Node 22 does not. The class is the
// process's, and the method keeps what it does with whole numbers.

const kMended = 22;
const guarded = new WeakSet();

/** @param {any} value @returns {any} undefined, an infinity, or a whole number (workerd cuts off fractions) */
function toWhole(value) {
  if (value === undefined) return value;
  const number = +value;
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

/** @param {typeof globalThis} realm its global object */
function guardBlobSlice(realm) {
  const prototype = realm.Blob.prototype;
  if (Number.parseInt(process.versions.node, 10) >= kMended || guarded.has(prototype)) return;
  guarded.add(prototype);
  const original = prototype.slice;
  const { slice } = {
    /** @this {Blob} @param {any} [start] @param {any} [end] @param {any} [type] */
    slice(start, end, type) {
      return original.call(this, toWhole(start), toWhole(end), type);
    },
  };
  Object.defineProperty(prototype, 'slice', {
    value: slice,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}

module.exports = { guardBlobSlice };
