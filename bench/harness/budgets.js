// Budgets: promises about medians (budgets.json).
//
// A budget names a benchmark and a metric, says whom it is a ratio to (`against`) or, without that, that it is the
// number itself, and bounds it by `max` or `min`.
'use strict';

/**
 * @typedef {object} Budget
 * @property {string} benchmark
 * @property {string} metric
 * @property {string} [against]
 * @property {number} [max]
 * @property {number} [min]
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {Record<string, import('./statistics').Metrics>} sides medians by side
 * @property {Record<string, import('./statistics').Metrics>} ratios ours over theirs, by side
 *
 * @typedef {object} Verdict
 * @property {'kept' | 'broken' | 'not measured'} state
 * @property {string} text
 */

/**
 * @param {Budget} budget
 * @param {Result[]} results
 * @returns {Verdict}
 */
function judge(budget, results) {
  const { benchmark, metric, against, max = Infinity, min = -Infinity } = budget;
  const result = results.find(({ name }) => name === benchmark);
  const numbers = against === undefined ? result?.sides.holdfast : result?.ratios[against];
  const value = numbers?.[metric];
  const what = `${benchmark} ${metric}${against === undefined ? '' : ` / ${against}`}`;
  const bound = max === Infinity ? `>= ${min}` : `<= ${max}`;
  if (value === undefined) return { state: 'not measured', text: `${what} ${bound}: not measured` };
  const state = value <= max && value >= min ? 'kept' : 'broken';
  return { state, text: `${what} ${bound}: ${state}, it is ${Number(value.toPrecision(3))}` };
}

module.exports = { judge };
