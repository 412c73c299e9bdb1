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

test.each([
  [
    2,
    'a/b cpu / workerd <= 0.1: broken, it is 0.3 (out of reach here: the kernel alone makes it 0.2)',
  ],
  [0.5, 'a/b cpu / workerd <= 0.1: broken, it is 0.3 (the kernel alone makes it 0.05)'],
])('where the kernel alone costs %d of 10, it is told', (cpu, text) => {
  const sides = { holdfast: { cpu: 3 }, workerd: { cpu: 10 }, epoll: { cpu } };
  const measured = [{ name: 'a/b', sides, ratios: { workerd: { cpu: 0.3 } } }];
  const budget = { benchmark: 'a/b', metric: 'cpu', against: 'workerd', max: 0.1 };
  expect(judge(budget, measured).text).toBe(text);
});

test.each(budgets)('$benchmark $metric has one bound', ({ min, max }) => {
  expect([typeof min, typeof max].sort()).toEqual(['number', 'undefined']);
});
