// WorkerLoadError: the user's module threw while it was evaluated. The message says where and what.
'use strict';

const { inspect, types } = require('node:util');

/** A frame of a stack trace: `at name (file:///path/file.ts:3:7)`, with or without name, scheme or parentheses. */
const FRAME = /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^\n()]*?):(\d+):(\d+)\)?$/m;

class WorkerLoadError extends Error {
  /**
   * @param {unknown} cause what was thrown
   * @param {string} main the entry module, for what does not say where it was thrown
   */
  constructor(cause, main) {
    super(`${placeOf(cause) || `${main}: `}${describe(cause)}`, { cause });
    this.name = 'WorkerLoadError';
  }
}

/** @param {unknown} thrown */
function placeOf(thrown) {
  const frame = FRAME.exec(String(/** @type {Partial<Error> | undefined} */ (thrown)?.stack ?? ''));
  return frame ? `${decodeURI(frame[1]).replace(/\?.*$/, '')}:${frame[2]}:${frame[3]}: ` : '';
}

/** @param {unknown} thrown */
function describe(thrown) {
  try {
    return thrown instanceof Error || types.isNativeError(thrown)
      ? String(thrown)
      : `${inspect(thrown)} was thrown while the module was loaded.`;
  } catch {
    return 'the module threw a value that cannot be shown.';
  }
}

module.exports = { WorkerLoadError };
