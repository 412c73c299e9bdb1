'use strict';
// What a line of the log looks like. Pure.

/**
 * Whose code wrote it.
 * @typedef {object} Origin
 * @property {string} [worker] name of the Worker, outside of its objects
 * @property {string} [namespace] class of the object
 * @property {string} [id] of the object, as hexadecimal digits
 * @property {string} [name] of the object, where it has one
 */

/** @typedef {'debug' | 'log' | 'info' | 'warn' | 'error' | 'trace'} Level as the method of `console` */

const kIdDigits = 8;

/** @param {Origin} origin @returns {string | undefined} undefined: it is no object's */
function labelOf({ namespace, id = '', name }) {
  if (namespace === undefined) return undefined;
  return `[${namespace} ${name ?? id.slice(0, kIdDigits)}]`;
}

/**
 * Arguments of a method of `console`, the object in front.
 * @param {any[]} args the first one may be a format with `%s` and the like
 * @param {Origin} origin
 */
function labelled(args, origin) {
  const label = labelOf(origin);
  if (label === undefined) return args;
  const [first, ...rest] = args;
  if (typeof first !== 'string') return [label, ...args];
  const isFormat = rest.length > 0;
  return [`${isFormat ? label.replaceAll('%', '%%') : label} ${first}`, ...rest];
}

/**
 * One line: an object with `time` (ISO 8601), `level`, `message`, and whose code wrote it.
 * @param {Level} level
 * @param {string} message
 * @param {Origin} origin
 * @param {number} now milliseconds of the epoch
 */
function jsonLine(level, message, origin, now) {
  const time = new Date(now).toISOString();
  return `${JSON.stringify({ time, level, message, ...origin })}\n`;
}

module.exports = { jsonLine, labelled };
