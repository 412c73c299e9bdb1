'use strict';
// Argument rules shared by the storage classes (spec S0.1.7, S3.1.3, S3.1.4).
//
// An argument that is missing is refused; one that is `undefined` is a value like any other: get(undefined) reads "undefined".

const { isDate } = require('node:util/types');

/** The nanoseconds of a time before it fit into 64 bits. That is in 2262: the years that workerd's messages name are others. */
const kDateMsBound = 2 ** 63 / 1e6;
const kInt32Min = -(2 ** 31);
const kInt32Max = 2 ** 31 - 1;

/**
 * @param {string} method
 * @param {string} owner the interface
 * @param {number} index of the parameter, from 1
 * @param {string} type
 */
const wrongType = (method, owner, index, type) =>
  new TypeError(
    `Failed to execute '${method}' on '${owner}': parameter ${index} is not of type '${type}'.`,
  );

/** @param {unknown} value what Workers takes for a structure: functions too */
const isObject = (value) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/**
 * @param {ArrayLike<unknown>} given the arguments of the call
 * @param {number} index of the parameter, from 1
 * @param {string} method
 * @param {string} owner
 * @param {string} type
 * @throws {TypeError} it is missing
 */
function checkGiven(given, index, method, owner, type) {
  if (given.length < index) throw wrongType(method, owner, index, type);
}

/**
 * @param {unknown} options
 * @param {number} index of the parameter, from 1
 * @param {string} method
 * @param {string} owner
 * @param {string} type
 * @throws {TypeError} neither absent nor an object
 */
function checkOptions(options, index, method, owner, type) {
  if (options === undefined || options === null || isObject(options)) return;
  throw wrongType(method, owner, index, type);
}

/**
 * S3.1.4
 * @param {unknown} key
 * @returns {string}
 * @throws {TypeError} a symbol
 */
function toKey(key) {
  return typeof key === 'string' ? key : `${key}`;
}

/**
 * @typedef {{start?: string, startAfter?: string, end?: string, prefix?: string, limit?: number, reverse?: boolean}} Range
 */

/**
 * @param {any} options
 * @param {string} owner
 * @returns {Range}
 * @throws {TypeError} a type that does not convert
 */
function toRange(options, owner) {
  checkOptions(options, 1, 'list', owner, 'ListOptions');
  if (options === undefined || options === null) return {};
  const text = (/** @type {unknown} */ value) => (value === undefined ? undefined : toKey(value));
  return {
    start: text(options.start),
    startAfter: text(options.startAfter),
    end: text(options.end),
    prefix: text(options.prefix),
    reverse: Boolean(options.reverse),
    limit: options.limit === undefined ? undefined : toInt32(options.limit),
  };
}

/**
 * @param {Range} range
 * @returns {Range} the same
 * @throws {TypeError} S3.5.3, S3.5.4
 */
function checkRange(range) {
  if (range.start !== undefined && range.startAfter !== undefined) {
    throw new TypeError('list() cannot be called with both start and startAfter values.');
  }
  if (range.limit !== undefined && range.limit <= 0)
    throw new TypeError('List limit must be positive.');
  return range;
}

/** @param {any} value @returns {number} */
function toInt32(value) {
  const number = Math.trunc(+value);
  if (!Number.isFinite(number)) return 0;
  if (number < kInt32Min || number > kInt32Max) {
    throw new TypeError(
      `Value out of range. Must be between ${kInt32Min} and ${kInt32Max} (inclusive).`,
    );
  }
  return number;
}

/**
 * @param {unknown} time
 * @param {string} owner
 * @returns {number} milliseconds
 * @throws {TypeError} S5.1.3
 */
function toAlarmTime(time, owner) {
  if (!isDate(time) && typeof time !== 'number') throw wrongType('setAlarm', owner, 1, 'date');
  const ms = isDate(time) ? Date.prototype.getTime.call(time) : time;
  if (!Number.isFinite(ms))
    throw new TypeError('The value cannot be converted because it is not a valid Date.');
  if (ms >= kDateMsBound) throw new TypeError("This API doesn't support dates after 2189.");
  if (ms <= -kDateMsBound) throw new TypeError("This API doesn't support dates before 1687.");
  const whole = Math.trunc(ms);
  if (whole <= 0) throw new TypeError('setAlarm() cannot be called with an alarm time <= 0');
  return whole;
}

module.exports = {
  checkGiven,
  checkOptions,
  isObject,
  toAlarmTime,
  toKey,
  toRange,
  checkRange,
  wrongType,
};
