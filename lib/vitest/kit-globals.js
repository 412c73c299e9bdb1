'use strict';
// installKitGlobals: the globals of Workers (S9.2) on the global object of a process that runs tests.

const { current } = require('../current');
const { real, time } = require('../time');
const { Timeout } = require('../timers/timeout');

/** Stay the process's: Vitest has made them its own, or they name the object itself. */
const KEPT = new Set([
  'console',
  'global',
  'globalThis',
  'self',
  'Date',
  'performance',
  'setImmediate',
  'clearImmediate',
]);
const TIMERS = ['setTimeout', 'setInterval'];

/**
 * @param {import('../web/scope/global-scope').GlobalScope} scope
 * @param {Record<string, unknown>} more of the options
 * @returns {() => void} puts back what was there
 */
function installKitGlobals({ values }, more) {
  const before = new Map();
  const install = (/** @type {string} */ name, /** @type {PropertyDescriptor} */ slot) => {
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { ...slot, configurable: true });
  };
  const timers = ofProcessOrObject(values);
  for (const [name, slot] of Object.entries(
    Object.getOwnPropertyDescriptors({ ...values, ...timers, ...more }),
  ))
    if (!KEPT.has(name)) install(name, slot);
  install('self', { value: globalThis, writable: true, enumerable: true });
  return () => {
    for (const [name, slot] of before)
      if (slot === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, slot);
  };
}

/**
 * Timers of objects, and of all while time is fake, are the runtime's. Else libraries of the process find Node's.
 * @param {Record<string, any>} values
 * @returns {Record<string, Function>}
 */
function ofProcessOrObject(values) {
  const process = /** @type {any} */ (globalThis);
  const pick = (/** @type {string} */ name) => {
    const { [name]: ofProcess } = process;
    const { [name]: ofObject } = values;
    return (/** @type {any[]} */ ...args) =>
      current.context === undefined && time.setTimeout === real.setTimeout
        ? ofProcess(...args)
        : ofObject(...args);
  };
  const clear = (/** @type {string} */ name) => {
    const { [name]: ofProcess } = process;
    const { [name]: ofObject } = values;
    return (/** @type {unknown} */ handle) =>
      typeof handle === 'number' || handle instanceof Timeout
        ? ofObject(handle)
        : ofProcess(handle);
  };
  return Object.fromEntries([
    ...TIMERS.map((name) => [name, pick(name)]),
    ...['clearTimeout', 'clearInterval'].map((name) => [name, clear(name)]),
  ]);
}

module.exports = { installKitGlobals };
