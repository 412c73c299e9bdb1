'use strict';
// Runs in each test file when `expect` is there: gives it the matchers for objects.

const { createMatchers } = require('../testing/matchers');
const { currentKit } = require('../testing/current-kit');

const kit = currentKit();
/** @type {any} */ (globalThis).expect.extend(createMatchers(() => kit.started));
