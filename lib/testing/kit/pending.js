'use strict';
// describePending: what a test left under way, and where it was started, as text for its author.

const path = require('node:path');

/** This package's own code. */
const OWN = path.join(__dirname, '../..') + path.sep;
/** What runs tests says nothing to the author. */
const FOREIGN = /node:internal|[\\/]node_modules[\\/]/;
const SHOWN_MAX = 10;

/**
 * @param {string} test its name
 * @param {readonly {what: string, stack: string}[]} pending at least one
 * @param {boolean} isCancelled whether it ends with the test
 * @returns {string}
 */
function describePending(test, pending, isCancelled) {
  const shown = pending
    .slice(0, SHOWN_MAX)
    .map(({ what, stack }) => `  ${what}\n${placeOf(stack)}`);
  const more = pending.length - shown.length;
  return [
    `The test "${test}" ended while ${pending.length === 1 ? 'this was' : 'these were'} still under way:`,
    ...shown,
    ...(more > 0 ? [`  ... and ${more} more`] : []),
    `${isCancelled ? 'It was cancelled. ' : ''}Await it, or close it before the test ends.`,
  ].join('\n');
}

/** The first frame of the author's own code. @param {string} stack */
function placeOf(stack) {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((frame) => !FOREIGN.test(frame) && !frame.includes(OWN));
  return own === undefined ? '    started at an unknown place' : `    ${own.trim()}`;
}

module.exports = { describePending };
