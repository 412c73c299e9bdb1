'use strict';

const { isBare, rejectedWithFrames } = require('../../../lib/rpc/caller-frames');

/** @param {string} message */
function bare(message) {
  const error = new RangeError(message);
  error.stack = `RangeError: ${message}`;
  return error;
}

/** @param {Promise<any>} promise */
async function whoAwaits(promise) {
  return await promise;
}

/** As a call that failed. @param {Error} error */
const failing = (error) => new Promise((resolve) => resolve(rejectedWithFrames(error)));

test('S7.8.2 the error gets the frames of those that await it, and its header stays', async () => {
  const error = bare('one');
  await expect(whoAwaits(failing(error))).rejects.toBe(error);
  expect(error.stack).toMatch(/^RangeError: one\n +at /);
  expect(error.stack).toContain('whoAwaits');
});

test('the first who awaits it decides', async () => {
  const error = bare('two');
  const first = whoAwaits(failing(error)).catch(() => {});
  const second = failing(error).catch(() => {});
  await Promise.all([first, second]);
  expect(error.stack).toContain('whoAwaits');
});

test('an error with frames is none of these', () => {
  expect(isBare(new Error('x'))).toBe(false);
  expect(isBare(bare('x'))).toBe(true);
  expect(isBare('x')).toBe(false);
  expect(isBare(undefined)).toBe(false);
});
