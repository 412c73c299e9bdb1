'use strict';

/**
 * A stub's way to its target: `(path, args, result) => void`. Undefined args read a property; `result` is told how it ended.
 * Throws what keeps the call from being sent.
 * @typedef {(path: string[], args: unknown[] | undefined, result: import('./pending-result').PendingResult) => void} Invoke
 */
const kInvoke = Symbol('invoke');

module.exports = { kInvoke };
