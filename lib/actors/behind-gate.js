'use strict';
// behindGate: what an object awaits from outside goes on as an event of the object: it waits while a critical section is open that
// the code which asked does not belong to (spec S2.5.1, S2.5.11).

const { current } = require('../current');
const { outsideWork } = require('../open-work');
const { untilEnd } = require('../workers/until-end');

/**
 * Settles as `promise` does, but behind the gate of the object whose code asked. Never settles when that object is gone, or the invocation
 * over.
 * @template T
 * @param {PromiseLike<T>} promise
 * @param {(value: T) => void} [drop] what comes after the invocation
 * @returns {Promise<T>}
 */
function behindGate(promise, drop) {
  const { instance } = current;
  if (instance === undefined) return untilEnd(promise, drop);
  const section = instance.currentSection;
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => instance.runOrPost(() => resolve(value), section),
      (error) => instance.runOrPost(() => reject(error), section),
    );
  });
}

/**
 * What workerd has at once and Node only later: no other event comes between.
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function asIfAtOnce(promise) {
  const work = outsideWork(promise);
  return current.instance?.retain(work) ?? work;
}

/**
 * Replaces methods by ones whose result goes through `pass`.
 * @param {any} prototype
 * @param {string[]} names
 * @param {<T>(result: Promise<T>) => Promise<T>} pass
 */
function gateMethods(prototype, names, pass) {
  for (const name of names) {
    const original = prototype[name];
    if (typeof original !== 'function') continue; // not in this version of Node
    const gated = {
      /** @this {any} @param {...any} args */
      [name](...args) {
        return pass(Reflect.apply(original, this, args));
      },
    }[name];
    Object.defineProperty(gated, 'length', { value: original.length, configurable: true });
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    Object.defineProperty(prototype, name, { ...descriptor, value: gated });
  }
}

/** For what workerd has within the turn. Once per environment. */
function installGatesAtOnce() {
  gateMethods(Blob.prototype, ['arrayBuffer', 'bytes', 'text'], asIfAtOnce);
}

module.exports = { asIfAtOnce, behindGate, gateMethods, installGatesAtOnce };
