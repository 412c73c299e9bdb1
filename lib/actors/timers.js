'use strict';
// Timers of objects (spec S2.2.4, S2.5.1, S2.7.4, S2.9.2): a pending one keeps the instance, its firing is an event that waits
// while a critical section is open, and it is cancelled when the instance goes. What its callback throws is reported.
//
// They are globals of Workers' code. Called by code of no object they do what Node's own do.

const { current } = require('../current');
const { openWork } = require('../open-work');
const { reportError } = require('../report-error');
const { time } = require('../time');

/** @typedef {import('./instance').ActorInstance} ActorInstance */

/** @typedef {{timer: NodeJS.Timeout, instance: ActorInstance, work: import('../open-work').Work | undefined}} Pending */

/** @type {Map<number, Pending>} by Node's number for the timer */
const pending = new Map();

/**
 * @param {ActorInstance} instance
 * @param {(fire: () => void) => NodeJS.Timeout} start
 * @param {Function} callback
 * @param {any[]} args
 * @param {'once' | 'repeat'} mode
 */
function startFor(instance, start, callback, args, mode) {
  const section = instance.currentSection;
  let isHeld = false;
  const timer = start(() => {
    if (isHeld) return; // an interval fires once for the time it was held
    isHeld = true;
    instance.runOrPost(() => {
      isHeld = false;
      if (!instance.timers?.has(number)) return; // cleared meanwhile
      if (mode === 'once') settle(number);
      reporting(callback, args);
    }, section);
  });
  const number = Number(timer);
  pending.set(number, { timer, instance, work: openWork.begin?.('a timer of an object') });
  (instance.timers ??= new Set()).add(number);
  instance.hold();
  return timer;
}

/** S2.7.5 @param {Function} callback @param {any[]} args */
function reporting(callback, args) {
  try {
    callback(...args);
  } catch (error) {
    reportError(error);
  }
}

/** What a Worker's callback throws ends nobody's process (S2.7.5). @param {any} callback */
function reported(callback) {
  if (typeof callback !== 'function' || current.context === undefined) return callback;
  return (/** @type {any[]} */ ...args) => reporting(callback, args);
}

/** The timer will not fire again. @param {number} number */
function settle(number) {
  const entry = pending.get(number);
  if (entry === undefined) return;
  pending.delete(number);
  entry.instance.timers?.delete(number);
  entry.instance.release();
  entry.work?.end();
}

/** @param {any} timer */
function clear(timer) {
  if (timer !== undefined && timer !== null) settle(Number(timer));
  time.clearTimeout(timer);
}

/** The instance is gone. @param {ActorInstance} instance */
function cancelTimers(instance) {
  if (instance.timers === undefined) return;
  for (const number of instance.timers) {
    const entry = pending.get(number);
    pending.delete(number);
    if (entry === undefined) continue;
    time.clearTimeout(entry.timer);
    entry.work?.end();
  }
  instance.timers.clear();
}

/** What objects and Workers have for Node's own. */
const timers = {
  /** @param {any} callback @param {number} [ms] @param {...any} args */
  setTimeout(callback, ms, ...args) {
    const { instance } = current;
    if (!instance?.isLive || typeof callback !== 'function')
      return time.setTimeout(reported(callback), ms, ...args);
    return startFor(instance, (fire) => time.setTimeout(fire, ms), callback, args, 'once');
  },
  /** @param {any} callback @param {number} [ms] @param {...any} args */
  setInterval(callback, ms, ...args) {
    const { instance } = current;
    if (!instance?.isLive || typeof callback !== 'function')
      return time.setInterval(reported(callback), ms, ...args);
    return startFor(instance, (fire) => time.setInterval(fire, ms), callback, args, 'repeat');
  },
  clearTimeout: clear,
  clearInterval: clear,
};

module.exports = { timers, cancelTimers };
