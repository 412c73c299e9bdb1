'use strict';
// When a cron expression is due, as Cloudflare reads it: UTC, minutes, days of the week from 1 (Sunday) to 7.

const { latePackage } = require('../../late-package');

/** @type {() => typeof import('croner')} */
const croner = latePackage('croner');

/** @param {string} expression @throws {Error} when it is none */
function parse(expression) {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error(`a cron expression has five fields: "${expression}"`);
  const { Cron } = croner();
  return new Cron(fields.join(' '), { timezone: 'UTC', alternativeWeekdays: true });
}

/** @param {string} expression @param {number} after milliseconds of the epoch @returns {number | undefined} undefined: never again */
function nextOccurrence(expression, after) {
  return parse(expression).nextRun(new Date(after))?.getTime();
}

module.exports = { nextOccurrence, parse };
