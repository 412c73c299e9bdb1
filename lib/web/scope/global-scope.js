// GlobalScope: what a Worker's code gets as `globalThis`: its own globals, and behind them those of the process.
//
// Its own are cells (`GLOBAL_NAMES`; in Service Worker syntax also its bindings). Each of the Worker's bundles has a variable for every cell and tells the scope how to reach it
// (link()), so that `globalThis.fetch = ...` changes what `fetch` means in the Worker's modules, and nowhere else.
// What else code puts there: a name the process has stays with the Worker and is seen as a property of globalThis only; a new name
// becomes a global of the process, because code may use it without `globalThis`.
'use strict';

const { GLOBAL_NAMES, LAZY_NAMES } = require('./global-names.js');

/** @typedef {Record<string, any>} Cells accessors of a bundle's variables */

class GlobalScope {
  #values;
  #real;
  /** @type {Cells[]} */
  #linked = [];
  /** The same object for all code of the Worker. @type {any} */
  globalThis;
  #prototype;
  /** Of all cells, whether they have a value or not. @type {Set<string | symbol>} */
  #names;

  /**
   * @param {Record<string, any>} values by name; a name of GLOBAL_NAMES that is not among them is no global of this Worker
   * @param {typeof globalThis} real the process's
   * @param {object} prototype of `globalThis`
   * @param {Record<string, () => unknown>} [lazy] values of LAZY_NAMES
   */
  constructor(values, real, prototype, lazy = {}) {
    this.#prototype = /** @type {any} */ (prototype);
    const more = [...Object.keys(values), 'globalThis'];
    this.#names = new Set([...GLOBAL_NAMES, ...LAZY_NAMES, ...more]);
    this.#real = /** @type {any} */ (real);
    const target = Object.create(this.#real);
    this.globalThis = new Proxy(target, {
      get: (_, name) => this.#get(target, name),
      set: (_, name, value) => this.#set(target, name, value),
      has: (_, name) => this.#has(target, name),
      deleteProperty: (_, name) => this.#delete(target, name),
      defineProperty: (_, name, slot) => this.#define(target, name, slot),
      ownKeys: () => this.#keys(target),
      getOwnPropertyDescriptor: (_, name) => this.#describe(target, name),
      getPrototypeOf: () => prototype,
    });
    const own = { self: this.globalThis, global: this.globalThis, globalThis: this.globalThis };
    this.#values = /** @type {Record<PropertyKey, any>} */ ({ ...values, ...own });
    for (const [name, get] of Object.entries(lazy)) {
      const set = (/** @type {unknown} */ value) =>
        Object.defineProperty(this.#values, name, plain(value));
      Object.defineProperty(this.#values, name, { get, set, enumerable: true, configurable: true });
    }
  }

  /** What a bundle's variables start with. */
  get values() {
    return this.#values;
  }

  /** @param {Cells} cells */
  link(cells) {
    this.#linked.push(cells);
  }

  /** @param {any} target @param {string | symbol} name */
  #get(target, name) {
    if (Object.hasOwn(target, name)) return Reflect.get(target, name, this.globalThis);
    if (name === Symbol.toStringTag) return this.#prototype[name];
    if (this.#names.has(name)) return this.#read(/** @type {string} */ (name));
    // Getters of the process's global object work on that one alone.
    return Reflect.get(this.#real, name, this.#real);
  }

  /** @param {string} name */
  #read(name) {
    const [cells] = this.#linked;
    return cells && name in cells ? cells[name] : this.#values[name];
  }

  /** @param {any} target @param {string | symbol} name @param {any} value */
  #set(target, name, value) {
    if (this.#names.has(name) && !Object.hasOwn(target, name)) this.#change(String(name), value);
    else if (name in this.#real || Object.hasOwn(target, name)) {
      const slot = Object.getOwnPropertyDescriptor(target, name);
      if (slot?.set || slot?.writable === false) return Reflect.set(target, name, value);
      Object.defineProperty(target, name, plain(value));
    } else this.#real[name] = value;
    return true;
  }

  /** @param {string} name @param {any} value */
  #change(name, value) {
    this.#values[name] = value;
    for (const cells of this.#linked) if (name in cells) cells[name] = value;
  }

  /** @param {any} target @param {string | symbol} name */
  #has(target, name) {
    if (Object.hasOwn(target, name)) return true;
    return this.#names.has(name) ? name in this.#values : name in this.#real;
  }

  /** @param {any} target @param {string | symbol} name */
  #delete(target, name) {
    if (Object.hasOwn(target, name)) return Reflect.deleteProperty(target, name);
    if (this.#names.has(name)) {
      this.#change(String(name), undefined);
      return delete this.#values[name];
    }
    return Reflect.deleteProperty(this.#real, name);
  }

  /** @param {any} target @param {string | symbol} name @param {PropertyDescriptor} slot */
  #define(target, name, slot) {
    if ('value' in slot && slot.configurable) return this.#set(target, name, slot.value);
    if (this.#names.has(name))
      this.#change(String(name), 'value' in slot ? slot.value : slot.get?.());
    else if (!(name in this.#real)) Reflect.defineProperty(this.#real, name, slot);
    return Reflect.defineProperty(target, name, slot);
  }

  /** @param {any} target */
  #keys(target) {
    const own = [...this.#names].filter((name) => name in this.#values);
    const others = Reflect.ownKeys(this.#real).filter((name) => !this.#names.has(name));
    return [...new Set([...Reflect.ownKeys(target), ...own, ...others])];
  }

  /** @param {any} target @param {string | symbol} name */
  #describe(target, name) {
    const here = Object.getOwnPropertyDescriptor(target, name);
    if (here) return here;
    if (this.#names.has(name))
      return name in this.#values ? plain(this.#get(target, name)) : undefined;
    const slot = Object.getOwnPropertyDescriptor(this.#real, name);
    return slot && { ...slot, configurable: true };
  }
}

/** @param {any} value @returns {PropertyDescriptor} */
const plain = (value) => ({ value, writable: true, enumerable: true, configurable: true });

module.exports = { GlobalScope };
