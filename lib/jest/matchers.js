'use strict';
// Runs in each test file when `expect` is there: gives it the matchers for objects.

const { createMatchers } = require('../testing/kit/matchers');
const { currentKit } = require('../testing/kit/current-kit');

const kit = currentKit();
/** @type {any} */ (globalThis).expect.extend(createMatchers(() => kit.started));
