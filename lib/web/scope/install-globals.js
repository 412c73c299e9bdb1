// installGlobals: puts the globals of Workers on a global object of the process, where it asks for them, and can take them away again.
//
// Code that the bundler loads needs none of this: its globals are bound inside its modules (global-scope.js).
'use strict';

const { readCaptured } = require('../originals.js');

/**
 * @param {Record<string, unknown>} values by name
 * @param {any} target the global object
 * @param {(name: string, value: unknown, before: PropertyDescriptor | undefined) => PropertyDescriptor} describe
 * @returns {() => void} puts back what is still as it was put there
 */
function replace(values, target, describe) {
  /** @type {Array<() => void>} */
  const undo = [];
  for (const [name, value] of Object.entries(values)) {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, describe(name, value, before));
    const put = Object.getOwnPropertyDescriptor(target, name);
    undo.push(() => {
      const now = Object.getOwnPropertyDescriptor(target, name);
      if (now?.value !== put?.value || now?.get !== put?.get) return; // somebody else's by now
      if (before) Object.defineProperty(target, name, before);
      else delete target[name];
    });
  }
  return () => {
    for (const step of undo.splice(0).reverse()) step();
  };
}

/**
 * For all code of the process. Each is defined like a built-in: writable, configurable, not enumerable.
 * @param {Record<string, unknown>} values
 * @param {any} [target]
 * @returns {() => void} takes them away
 */
function installGlobals(values, target = globalThis) {
  return replace({ ...values, self: target }, target, (_name, value) => {
    return { value, writable: true, configurable: true, enumerable: false };
  });
}

/**
 * For classes that a program gives to the runtime, and that are not bundled: what their code sees while it runs as an object. All other
 * code of the process goes on to see what it saw, and what it assigns is what everybody sees.
 * @param {Record<string, unknown>} values
 * @param {() => boolean} isInside
 * @param {any} [target]
 * @returns {() => void} takes them away
 */
function installInside(values, isInside, target = globalThis) {
  return replace(values, target, (name, value, before) => {
    /** @type {{value: unknown} | undefined} */
    let outer = before?.get || before === undefined ? undefined : { value: before.value };
    const readOuter = () => {
      if (before === undefined) return undefined;
      // Node's own are read when they are first asked for: each loads a part of Node.
      outer ??= { value: readCaptured(target, name, before) };
      return outer.value;
    };
    /** @type {{value: unknown} | undefined} */
    let assigned;
    return {
      configurable: true,
      enumerable: before?.enumerable ?? false,
      get() {
        if (assigned) return assigned.value;
        return isInside() ? value : readOuter();
      },
      set(given) {
        assigned = given === value || given === readOuter() ? undefined : { value: given };
      },
    };
  });
}

module.exports = { installGlobals, installInside };
