'use strict';

/** @type {Record<string, number>} */
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A length of time: milliseconds, or as text: '250ms', '90s', '25h', '1h30m'.
 * @param {number | string} given
 * @returns {number} milliseconds
 * @throws {TypeError}
 */
function toMilliseconds(given) {
  if (typeof given === 'number' && given >= 0 && Number.isFinite(given)) return Math.round(given);
  const parts = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(`${given}`)
    ? [...`${given}`.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
    : [];
  if (parts.length === 0) {
    throw new TypeError(
      `A length of time is a number of milliseconds, or a text like '90s' or '25h', and not ${String(given)}.`,
    );
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}

module.exports = { toMilliseconds };
