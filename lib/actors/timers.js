'use strict';
// Timers of objects (spec S2.2.4, S2.5.1, S2.7.4, S2.9.2): a pending one keeps the instance, its firing is an event that waits
// while a critical section is open, and it is cancelled when the instance goes. Those of a Worker are cancelled when their invocation
// ends. What a callback throws is reported.
//
// They are globals of Workers' code. Called by code of no object and no Worker they do what Node's own do, and so they do for code that
// runs in the name of an invocation after its end: only something of Node's that Workers does not have can have called it.

const { current } = require('../current');
const { openWork } = require('../open-work');
const { reportError } = require('../report-error');
const { real, time } = require('../time');
const { Immediate, Timeout } = require('../timers/timeout');
const { parameterError } = require('../web/internal');

/** @typedef {import('./instance').ActorInstance} ActorInstance */

/** @typedef {NonNullable<Parameters<import('../timers/ordered-timers').OrderedTimers['start']>[3]>} How */

/** @typedef {import('../current').Context} Context */

/** @typedef {{timer: any, owner: Context, work: import('../open-work').Work | undefined}} Pending */

/** @type {Map<number, Pending>} by the timer's number */
const pending = new Map();

/** @typedef {typeof time.timers} Timers */

/**
 * @param {ActorInstance} instance
 * @param {Timers} timers
 * @param {Function} callback
 * @param {any} ms
 * @param {any[]} args
 * @param {How} how
 */
function startFor(instance, timers, callback, ms, args, how) {
  const section = instance.currentSection;
  let isHeld = false;
  const fire = () => {
    if (isHeld) return; // an interval fires once for the time it was held
    isHeld = true;
    instance.runOrPost(() => {
      isHeld = false;
      if (!instance.timers?.has(number)) return; // cleared meanwhile
      if (!how.repeats) settle(number);
      reporting(callback, args);
    }, section);
  };
  const onClear = () => settle(number); // also when it closes itself
  const timer = timers.start(fire, ms, [], { ...how, onClear });
  const number = Number(timer);
  own(instance, number, timer, openWork.begin?.('a timer of an object'));
  instance.hold();
  return timer;
}

/**
 * @param {import('../workers/invocation').Invocation} invocation
 * @param {Timers} timers
 * @param {Function} callback
 * @param {any} ms
 * @param {any[]} args
 * @param {How} how
 */
function startIn(invocation, timers, callback, ms, args, how) {
  const fire = () => {
    if (!how.repeats) settle(number);
    reporting(callback, args);
  };
  const onClear = () => settle(number);
  const timer = timers.start(fire, ms, [], { ...how, onClear });
  const number = Number(timer);
  own(invocation, number, timer, undefined);
  return timer;
}

/** @param {Context} owner @param {number} number @param {any} timer @param {import('../open-work').Work | undefined} work */
function own(owner, number, timer, work) {
  pending.set(number, { timer, owner, work });
  (owner.timers ??= new Set()).add(number);
}

/** S2.7.5 @param {Function} callback @param {any[]} args */
function reporting(callback, args) {
  try {
    callback(...args);
  } catch (error) {
    reportError(error);
  }
}

/**
 * A timer of the code that runs now. What a Worker's callback throws ends nobody's process (S2.7.5).
 * @param {Timers} timers
 * @param {Function} callback
 * @param {any} ms
 * @param {any[]} args
 * @param {How} how
 */
function start(timers, callback, ms, args, how) {
  const { context } = current;
  if (!context?.isLive) return timers.start(reporting, ms, [callback, args], how);
  return context.isObject
    ? startFor(context, timers, callback, ms, args, how)
    : startIn(context, timers, callback, ms, args, how);
}

/** The timer will not fire again. @param {number} number */
function settle(number) {
  const entry = pending.get(number);
  if (entry === undefined) return;
  pending.delete(number);
  const { owner, work } = entry;
  owner.timers?.delete(number);
  if (owner.isObject) owner.release();
  work?.end();
}

/** @param {any} timer of anybody's */
function clear(timer) {
  // One of a clock that is not there any more lets go of its object all the same.
  if (typeof timer === 'number' || timer instanceof Timeout || timer instanceof Immediate)
    settle(Number(timer));
  time.clearTimeout(timer);
}

/** The instance is gone, the invocation over. @param {Context} owner */
function cancelTimers(owner) {
  if (owner.timers === undefined) return;
  for (const number of owner.timers) {
    const entry = pending.get(number);
    pending.delete(number);
    if (entry === undefined) continue;
    time.clearTimeout(entry.timer);
    entry.work?.end();
  }
  owner.timers.clear();
}

const SCOPE = 'ServiceWorkerGlobalScope';

/** One for each meaning of the flag. @type {Map<boolean, ReturnType<typeof timersOf>>} */
const made = new Map();

/**
 * What objects and Workers have for Node's own. Handles are numbers where `enable_nodejs_global_timers` is off, and no delay means 0,
 * not 1.
 * @param {Record<string, boolean>} flags of the Worker
 */
function makeTimers({ enable_nodejs_global_timers: asInNode = false }) {
  const timers = made.get(asInNode) ?? timersOf(asInNode);
  made.set(asInNode, timers);
  return timers;
}

/** @param {boolean} asInNode */
function timersOf(asInNode) {
  const given = asInNode
    ? (/** @type {any} */ timer) => timer
    : (/** @type {any} */ timer) => Number(timer);
  // A BigInt is refused in the words of each.
  const delay = asInNode
    ? (/** @type {any} */ ms) => (ms === undefined ? 1 : ms * 1)
    : (/** @type {any} */ ms) => (ms === undefined ? 0 : ms);
  /** @param {string} name @param {any} callback @throws {TypeError} when it is none */
  const check = (name, callback) => {
    if (typeof callback === 'function') return;
    if (!asInNode) throw parameterError(name, SCOPE, 1, 'function');
    real.setTimeout(callback); // throws as Node.js does
  };
  // The number of a timer as text is one only where numbers are.
  const isOne = (/** @type {unknown} */ timer) =>
    !asInNode || typeof timer !== 'string' || current.context === undefined;
  return {
    /** @param {any} callback @param {number} [ms] @param {...any} args */
    setTimeout(callback, ms, ...args) {
      if (current.context === undefined) return time.setTimeout(callback, ms, ...args);
      check('setTimeout', callback);
      return given(start(time.timers, callback, delay(ms), args, {}));
    },
    /** @param {any} callback @param {number} [ms] @param {...any} args */
    setInterval(callback, ms, ...args) {
      if (current.context === undefined) return time.setInterval(callback, ms, ...args);
      check('setInterval', callback);
      return given(start(time.timers, callback, delay(ms), args, { repeats: true }));
    },
    /** @param {any} callback @param {...any} args */
    setImmediate(callback, ...args) {
      if (current.context === undefined) return real.setImmediate(callback, ...args);
      if (typeof callback !== 'function')
        throw parameterError('setImmediate', SCOPE, 1, 'function');
      // Time that a test moves does not hold it.
      return start(real.timers, callback, 0, args, { Kind: Immediate });
    },
    /** @param {any} [timer] */
    clearTimeout(timer) {
      if (isOne(timer)) clear(timer);
    },
    /** @param {any} [timer] */
    clearInterval(timer) {
      if (isOne(timer)) clear(timer);
    },
    /** @param {any} [immediate] */
    clearImmediate(immediate) {
      if (immediate instanceof Immediate) clear(immediate);
      else if (current.context === undefined) real.clearImmediate(immediate);
      else if (immediate !== undefined && immediate !== null)
        throw parameterError('clearImmediate', SCOPE, 1, 'Immediate');
    },
  };
}

module.exports = { cancelTimers, makeTimers };
