// Seeds: the numbers that generated programs begin with.

/**
 * The same in every run, so that a failure can be repeated. HOLDFAST_SEEDS=<first>-<last> runs others instead.
 * @param {number} count
 * @returns {number[]}
 */
export function seeds(count) {
  const [first, last] = process.env.HOLDFAST_SEEDS?.split('-').map(Number) ?? [1, count];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
