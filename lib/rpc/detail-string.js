'use strict';
// What V8 calls the detail string of a value: what it says of something that was thrown and is no error, without running code of the
// program. It is the message of the error that the caller gets when the thing itself cannot be copied (spec S7.8.1).

const { types } = require('node:util');
const { kInvoke } = require('./invoke');

/** A property that is data, of the object or of what it inherits from. @param {any} object @param {string | symbol} name */
function dataOf(object, name) {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const slot = Object.getOwnPropertyDescriptor(at, name);
    if (slot !== undefined) return slot.value;
  }
  return undefined;
}

/** What a stub is called, which is a proxy here. @param {any} value @returns {string | undefined} */
function stubName(value) {
  const isStub = types.isProxy(value) ? typeof value === 'function' : Boolean(value[kInvoke]);
  const tag = isStub ? value[Symbol.toStringTag] : undefined;
  return typeof tag === 'string' ? tag.replace(/^Js/, '') : undefined;
}

/** The one it was declared with: a `static name` can be written. @param {Function} constructor @returns {string} */
function nameOf(constructor) {
  const slot = Object.getOwnPropertyDescriptor(constructor, 'name');
  return slot?.writable === false ? slot.value : '';
}

/** @param {any} value an object or a function @returns {string} */
function detailString(value) {
  const stub = stubName(value);
  if (stub !== undefined) return `#<${stub}>`;
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  const toString = dataOf(value, 'toString');
  if (types.isNativeError(value) || toString === Error.prototype.toString) return errorText(value);
  if (toString === Object.prototype.toString) {
    const constructor = dataOf(value, 'constructor');
    const name = typeof constructor === 'function' ? nameOf(constructor) : '';
    if (name !== '') return `#<${name}>`;
  }
  const tag = dataOf(value, Symbol.toStringTag);
  if (typeof tag === 'string') return `[object ${tag}]`;
  return types.isProxy(value) ? '[object Object]' : Object.prototype.toString.call(value);
}

/** As Error.prototype.toString. @param {any} error */
function errorText(error) {
  const name = textOf(dataOf(error, 'name'), types.isNativeError(error) ? 'Error' : '');
  const message = textOf(dataOf(error, 'message'), '');
  return name !== '' && message !== '' ? `${name}: ${message}` : name + message;
}

/** What is no string V8 leaves out. @param {unknown} part @param {string} usual */
const textOf = (part, usual) => (typeof part === 'string' ? part : part === undefined ? usual : '');

module.exports = { detailString, stubName };
