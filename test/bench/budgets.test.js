'use strict';

const { judge } = require('../../bench/harness/budgets');
const budgets = require('../../bench/budgets.json');

const results = [
  { name: 'a/b', sides: { holdfast: { ms: 30 } }, ratios: { workerd: { cpu: 0.3 } } },
];

test.each([
  [{ benchmark: 'a/b', metric: 'cpu', against: 'workerd', max: 0.3 }, 'kept'],
  [{ benchmark: 'a/b', metric: 'cpu', against: 'workerd', max: 0.29 }, 'broken'],
  [{ benchmark: 'a/b', metric: 'ms', max: 29 }, 'broken'],
  [{ benchmark: 'a/b', metric: 'ms', min: 31 }, 'broken'],
  [{ benchmark: 'a/b', metric: 'ms', min: 30 }, 'kept'],
  [{ benchmark: 'a/b', metric: 'cpu', against: 'node', max: 1 }, 'not measured'],
  [{ benchmark: 'a/c', metric: 'ms', max: 1 }, 'not measured'],
])('%j is %s', (budget, state) => {
  expect(judge(budget, results).state).toBe(state);
});

test.each(budgets)('$benchmark $metric has one bound', ({ min, max }) => {
  expect([typeof min, typeof max].sort()).toEqual(['number', 'undefined']);
});
