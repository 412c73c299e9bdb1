// The numbers that stand for several rounds.
'use strict';

/**
 * @param {number[]} values at least one
 * @returns {number}
 */
function median(values) {
  if (values.length === 0) throw new RangeError('median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @typedef {Record<string, number>} Metrics */

/**
 * @param {Metrics[]} rounds all with the same names
 * @returns {Metrics} the median of each
 */
function medians(rounds) {
  return Object.fromEntries(
    Object.keys(rounds[0]).map((name) => [name, median(rounds.map((round) => round[name]))]),
  );
}

/**
 * @param {Metrics} ours
 * @param {Metrics} theirs
 * @returns {Metrics} ours over theirs, for each name that both have and that is not zero
 */
function ratios(ours, theirs) {
  return Object.fromEntries(
    Object.keys(ours)
      .filter((name) => theirs[name] > 0)
      .map((name) => [name, ours[name] / theirs[name]]),
  );
}

/**
 * The order within round `index`: every other round runs backwards, so that drift of the machine falls on all.
 * @template T
 * @param {T[]} sides
 * @param {number} index
 * @returns {T[]}
 */
function orderOfRound(sides, index) {
  return index % 2 === 0 ? sides : [...sides].reverse();
}

module.exports = { median, medians, orderOfRound, ratios };
