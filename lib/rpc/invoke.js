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

/**
 * On a stub that can be written down: `() => Description`, what it points to (lib/stored-stubs). Throws why it cannot.
 * @typedef {object} Description
 * @property {number} tag of the host object that it is in a stored value
 * @property {any[]} fields values like any other; stubs among them are written down in their turn
 * @property {boolean} isPersistent what it points to allows to be stored
 */
const kDescribe = Symbol('describe');

/**
 * On a stub of an object or a Worker: `(asRestored) => any`, what a [restore]() method gave, for whoever restores it. A facet, which
 * cannot say itself how it is reached, is told: by the stub `asRestored`.
 */
const kLend = Symbol('lend');

/**
 * On a stub of an object or a Worker: `(params, gives, result) => void` calls its [restore]() method. `gives`: 'service' or 'stub', what
 * it gave the first time.
 */
const kRestore = Symbol('restore');

/** On a stub of an object or a Worker: `(connection) => void`, its connect() for a connection that its caller has already. */
const kConnect = Symbol('connect');

/** On a stub that is lent: `() => () => void`, keeps who answers it in memory until what it gives is called. */
const kHold = Symbol('hold');

/** On what was lent: true when it cannot be used any more, so that the [restore]() method has to be asked again. */
const kIsGone = Symbol('isGone');

module.exports = { kConnect, kDescribe, kHold, kInvoke, kIsGone, kLend, kNotSent, kPass, kRestore };
