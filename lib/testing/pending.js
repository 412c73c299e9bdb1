'use strict';
// describePending: what a test left under way, and where it was started, as text for its author.

/** Frames of this package and of what runs tests say nothing to the author. */
const FOREIGN =
  /node:internal|[\\/]node_modules[\\/]|[\\/]lib[\\/](?:testing|jest|actors|workers|rpc|web|sockets)[\\/]|<anonymous>/;
const SHOWN_MAX = 10;

/** @param {string} test its name @param {readonly {what: string, stack: string}[]} pending at least one @returns {string} */
function describePending(test, pending) {
  const shown = pending
    .slice(0, SHOWN_MAX)
    .map(({ what, stack }) => `  ${what}\n${placeOf(stack)}`);
  const more = pending.length - shown.length;
  return [
    `The test "${test}" ended while ${pending.length === 1 ? 'this was' : 'these were'} still under way:`,
    ...shown,
    ...(more > 0 ? [`  ... and ${more} more`] : []),
    'It was cancelled. Await it, or close it before the test ends.',
  ].join('\n');
}

/** The first frame of the author's own code. @param {string} stack */
function placeOf(stack) {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((frame) => !FOREIGN.test(frame)) ?? frames[0];
  return own === undefined ? '    started at an unknown place' : `    ${own.trim()}`;
}

module.exports = { describePending };
