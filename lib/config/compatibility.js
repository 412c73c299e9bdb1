// resolveCompatibility: which compatibility flags are on for a date and a list of flags (S0.3, S8.2).
'use strict';

const { COMPATIBILITY_FLAGS } = require('./compatibility-flags');

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * @param {string} date `YYYY-MM-DD`
 * @param {readonly string[]} flags as listed in the config
 * @returns {Record<string, boolean>} every enable flag, on or off
 * @throws {Error} a flag does not exist, or is listed together with its opposite
 */
function resolveCompatibility(date, flags) {
  const named = new Set(flags);
  const known = new Set(COMPATIBILITY_FLAGS.flatMap(([enable, disable]) => [enable, disable]));
  const unknown = flags.filter((flag) => !known.has(flag));
  if (unknown.length) throw new Error(`No such compatibility flag: ${unknown.join(', ')}.`);
  /** @type {Record<string, boolean>} */
  const on = {};
  for (const [enable, disable, since] of COMPATIBILITY_FLAGS) {
    const disabled = disable !== null && named.has(disable);
    if (named.has(enable) && disabled) {
      throw new Error(`Compatibility flags "${enable}" and "${disable}" contradict each other.`);
    }
    on[enable] = named.has(enable) || (!disabled && since !== null && date >= since);
  }
  imply(on, named, date);
  return on;
}

/**
 * Turns on what other flags turn on; an implied flag may imply another, so until nothing changes.
 * @param {Record<string, boolean>} on
 * @param {Set<string>} named
 * @param {string} date
 */
function imply(on, named, date) {
  for (let changed = true; changed;) {
    changed = false;
    for (const [enable, disable, , implication] of COMPATIBILITY_FLAGS) {
      if (on[enable] || !implication || date < implication.impliedSince) continue;
      if (disable !== null && named.has(disable)) continue;
      if (!implication.impliedBy.some((flag) => on[flag])) continue;
      on[enable] = true;
      changed = true;
    }
  }
}

/**
 * @param {string} date
 * @param {Date} now A date is in the future when it is not yet that day anywhere on Earth.
 * @returns {string | undefined} what is wrong with the date
 */
function dateProblem(date, now) {
  const match = DATE.exec(date);
  const parsed = match ? new Date(`${date}T00:00:00Z`) : undefined;
  if (!parsed || Number.isNaN(parsed.getTime()) || toDate(parsed) !== date) {
    return noDate(date);
  }
  const firstTimeZone = new Date(now.getTime() + 14 * 3_600_000);
  if (date > toDate(firstTimeZone)) {
    return `"compatibility_date" is in the future: ${date}.`;
  }
  return undefined;
}

/** @param {unknown} value */
const noDate = (value) =>
  `"compatibility_date" should be a date like 2026-08-25, but got ${JSON.stringify(value)}.`;

/** @param {Date} time */
function toDate(time) {
  return time.toISOString().slice(0, 10);
}

/** Code that comes without a date gets the rules of this one. */
const kNewestDate = '2026-11-17';

/** The newest rules. @returns {Record<string, boolean>} */
const newestFlags = () => resolveCompatibility(kNewestDate, []);

module.exports = { dateProblem, newestFlags, noDate, resolveCompatibility, toDate };
