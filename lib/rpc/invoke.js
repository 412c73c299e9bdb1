'use strict';

/**
 * A stub's way to its target: `(path, args, result) => void`. Undefined args read a property; `result` is told how it ended.
 * Throws what keeps the call from being sent.
 * @typedef {(path: string[], args: unknown[] | undefined, result: import('./pending-result').PendingResult) => void} Invoke
 */
const kInvoke = Symbol('invoke');

/** On a stub that cannot be sent: the name of its type. */
const kNotSent = Symbol('notSent');

/** On a stub of an object or a Worker: `() => any`, what the other side of a call gets for it. */
const kPass = Symbol('pass');

module.exports = { kInvoke, kNotSent, kPass };
