// The package as tests load it: a runtime that a test leaves open, one that timed out say, is closed after its file. Else Jest, which
// waits for what is open, would never end.
'use strict';

const { afterAll, expect } = require('@jest/globals');
const holdfast = require('../..');

/** How long Jest waits for that: requests that hang are given up after half of it. */
const kCloseMs = 90_000;

/** @type {Awaited<ReturnType<typeof holdfast.createRuntime>>[]} */
const made = [];

/** @type {typeof holdfast.createRuntime} */
async function createRuntime(options) {
  const runtime = await holdfast.createRuntime(options);
  made.push(runtime);
  return runtime;
}

// close() of what is closed gives the same promise again. A test that loads another copy of all this looks after it by itself.
const isInTest = expect.getState().currentTestName !== undefined;
if (!isInTest) afterAll(() => Promise.all(made.map((runtime) => runtime.close())), kCloseMs);

module.exports = { ...holdfast, createRuntime };
