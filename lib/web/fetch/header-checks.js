// What may be a header's name and value, and what Headers can be made of. Pure.
'use strict';

const { fieldError, sequenceError } = require('../errors.js');

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const FORBIDDEN_IN_VALUE = /[\0\r\n]/;
const OUTER_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const INIT_TYPE = 'Headers or Sequence or object';
/** @param {unknown} name @returns {string} */
function checkName(name) {
  const text = `${/** @type {any} */ (name)}`;
  if (!TOKEN.test(text)) throw new TypeError('Invalid header name.');
  return text.toLowerCase();
}

/** @param {unknown} value @returns {string} */
function checkValue(value) {
  let text = `${/** @type {any} */ (value)}`;
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (first <= 32 || last <= 32) text = text.replace(OUTER_SPACE, '');
  if (FORBIDDEN_IN_VALUE.test(text)) throw new TypeError('Invalid header value.');
  return text;
}

/** @param {unknown} value @returns {boolean} Whether Headers can be made of it. */
const isInit = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @param {unknown} value the member `headers` of an init @param {string} struct */
function checkHeadersType(value, struct) {
  if (value !== undefined && !isInit(value)) throw fieldError('headers', struct, INIT_TYPE);
}

/** @param {any} value of a sequence of sequences @returns {string[]} */
function sequenceOfStrings(value) {
  const isSequence = typeof value === 'object' && typeof value?.[Symbol.iterator] === 'function';
  if (!isSequence) throw sequenceError();
  return Array.from(value, (/** @type {any} */ one) => `${one}`);
}

module.exports = {
  INIT_TYPE,
  checkName,
  checkValue,
  isInit,
  checkHeadersType,
  sequenceOfStrings,
};
