'use strict';

const { median, medians, orderOfRound, ratios } = require('../../bench/harness/statistics');

test('the median is the middle value, or halfway between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 4, 100])).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test('each metric has its own median', () => {
  const rounds = [
    { a: 1, b: 30 },
    { a: 3, b: 10 },
    { a: 2, b: 20 },
  ];
  expect(medians(rounds)).toEqual({ a: 2, b: 20 });
});

test('a ratio is ours over theirs, and is left out when there is nothing to divide by', () => {
  expect(ratios({ a: 1, b: 5, c: 5 }, { a: 4, b: 0 })).toEqual({ a: 0.25 });
});

test('every other round runs backwards', () => {
  const sides = ['x', 'y', 'z'];
  expect(orderOfRound(sides, 0)).toEqual(['x', 'y', 'z']);
  expect(orderOfRound(sides, 1)).toEqual(['z', 'y', 'x']);
  expect(sides).toEqual(['x', 'y', 'z']);
});
