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
  const isKept = (/** @type {number} */ one) => one <= max && one >= min;
  const state = isKept(value) ? 'kept' : 'broken';
  const text = `${what} ${bound}: ${state}, it is ${shown(value)}`;
  const floor = floorOf(result, metric, against);
  if (state === 'kept' || floor === undefined) return { state, text };
  const reach = isKept(floor) ? 'the kernel alone' : 'out of reach here: the kernel alone';
  return { state, text: `${text} (${reach} makes it ${shown(floor)})` };
}

/**
 * What the ratio would be for a server that costs nothing but the kernel's part, as side `epoll` does.
 * @param {Result | undefined} result
 * @param {string} metric
 * @param {string | undefined} against
 * @returns {number | undefined}
 */
function floorOf(result, metric, against) {
  const floor = result?.sides.epoll?.[metric];
  const other = against === undefined ? 1 : result?.sides[against]?.[metric];
  return floor === undefined || other === undefined ? undefined : floor / other;
}

/** @param {number} value */
const shown = (value) => Number(value.toPrecision(3));

module.exports = { judge };
