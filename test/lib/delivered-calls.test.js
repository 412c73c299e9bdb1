// DeliveredCalls: what an instance has not answered, in order.
'use strict';

const { DeliveredCalls } = require('../../lib/actors/delivered-calls');

/** @returns {any} */
const call = (/** @type {string} */ name) => ({ name });
const [a, b, c] = ['a', 'b', 'c'].map(call);

test.each([
  ['first', 0, [b, c]],
  ['middle', 1, [a, c]],
  ['last', 2, [a, b]],
])('the %s is removed, once', (_name, index, left) => {
  const calls = new DeliveredCalls();
  const delivered = [a, b, c].map((one) => calls.add(one));
  expect(calls.remove(delivered[index])).toBe(true);
  expect(calls.remove(delivered[index])).toBe(false);
  expect(calls.takeAll()).toEqual(left);
  expect(calls.isEmpty).toBe(true);
});

test('takeAll() removes them; what comes later is alone', () => {
  const calls = new DeliveredCalls();
  const first = calls.add(a);
  calls.add(b);
  expect(calls.takeAll()).toEqual([a, b]);
  expect(calls.remove(first)).toBe(false);
  calls.add(c);
  expect(calls.isEmpty).toBe(false);
  expect(calls.takeAll()).toEqual([c]);
});

test('takeAll() leaves those that are kept', () => {
  const calls = new DeliveredCalls();
  const delivered = [a, b, c].map((one) => calls.add(one));
  expect(calls.takeAll((one) => one === delivered[1])).toEqual([a, c]);
  expect(calls.isEmpty).toBe(false);
  expect(calls.remove(delivered[1])).toBe(true);
  expect(calls.isEmpty).toBe(true);
});
