'use strict';
// loopTurn: lets the event loop turn between two slices of long work, so that others are answered meanwhile.

// Node's own, whatever a test runner makes of the global one.
const { setImmediate } = require('node:timers');

/** @returns {Promise<void>} */
const loopTurn = () => new Promise((resolve) => setImmediate(resolve));

module.exports = { loopTurn };
