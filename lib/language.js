'use strict';
// addLanguage: what Workers' JavaScript has and an older Node lacks, for the packages that use it.
//
// Node 20 is behind the engine of Workers by the iterator helpers, the methods of Set, groupBy(), Promise.withResolvers(), Promise.try()
// and Array.fromAsync(). They are parts of the language and live on objects that the whole process shares; here they are added where
// they are missing, not enumerable and with the behaviour of the standard, and nothing that is there is replaced.

const { helpers } = require('./storage/iterator-prototype');

/** The keys and the size that the methods of Set ask of their argument. @param {any} other */
function toSetLike(other) {
  if (typeof other !== 'object' || other === null)
    throw new TypeError(`${String(other)} is not an object`);
  const size = Number(other.size);
  if (Number.isNaN(size)) throw new TypeError("The 'size' property must be a number");
  if (size < 0) throw new RangeError(`'${size}' is an invalid size`);
  for (const name of ['has', 'keys'])
    if (typeof other[name] !== 'function')
      throw new TypeError(`The '${name}' property must be callable`);
  return {
    size,
    has: (/** @type {any} */ value) => Boolean(other.has(value)),
    *keys() {
      const iterator = other.keys();
      for (let step = iterator.next(); !step.done; step = iterator.next()) yield step.value;
    },
  };
}

/** @type {Record<string, (this: Set<any>, other: any) => any>} */
const setMethods = {
  union(other) {
    return new Set([...this, ...toSetLike(other).keys()]);
  },
  intersection(other) {
    const { size, has, keys } = toSetLike(other);
    return this.size <= size
      ? new Set([...this].filter(has))
      : new Set([...keys()].filter((value) => this.has(value)));
  },
  difference(other) {
    const { has } = toSetLike(other);
    return new Set([...this].filter((value) => !has(value)));
  },
  symmetricDifference(other) {
    const result = new Set(this);
    for (const value of toSetLike(other).keys())
      if (this.has(value)) result.delete(value);
      else result.add(value);
    return result;
  },
  isSubsetOf(other) {
    const { size, has } = toSetLike(other);
    return this.size <= size && [...this].every(has);
  },
  isSupersetOf(other) {
    const { size, keys } = toSetLike(other);
    if (this.size < size) return false;
    for (const value of keys()) if (!this.has(value)) return false;
    return true;
  },
  isDisjointFrom(other) {
    const { has } = toSetLike(other);
    return ![...this].some(has);
  },
};

/** @param {Iterable<any>} items @param {(item: any, index: number) => any} keyOf @returns {Map<any, any[]>} */
function groups(items, keyOf) {
  const found = new Map();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = found.get(key);
    if (group) group.push(item);
    else found.set(key, [item]);
  }
  return found;
}

const objectMethods = {
  /** @param {Iterable<any>} items @param {(item: any, index: number) => any} keyOf */
  groupBy(items, keyOf) {
    const toKey = (/** @type {any} */ key) => (typeof key === 'symbol' ? key : String(key));
    const found = groups(items, (item, index) => toKey(keyOf(item, index)));
    return Object.assign(Object.create(null), Object.fromEntries(found));
  },
};

const mapMethods = {
  /** @param {Iterable<any>} items @param {(item: any, index: number) => any} keyOf */
  groupBy: (items, keyOf) =>
    groups(items, (item, index) => {
      const key = keyOf(item, index);
      return key === 0 ? 0 : key; // never minus zero
    }),
};

const promiseMethods = {
  /** @this {any} */
  withResolvers() {
    /** @type {any} */
    const made = {};
    const promise = new this((/** @type {any} */ resolve, /** @type {any} */ reject) =>
      Object.assign(made, { resolve, reject }),
    );
    return { promise, ...made };
  },
  /** @this {any} @param {(...args: any[]) => any} fn @param {...any} args */
  try(fn, ...args) {
    return new this((/** @type {any} */ resolve) => resolve(fn(...args)));
  },
};

const arrayMethods = {
  /** @param {any} items @param {(item: any, index: number) => any} [map] @param {any} [self] */
  async fromAsync(items, map, self) {
    const result = [];
    const isIterable = items[Symbol.asyncIterator] ?? items[Symbol.iterator];
    for await (const item of isIterable ? items : Array.from(items))
      result.push(map ? await map.call(self, item, result.length) : item);
    return result;
  },
};

/** @param {typeof globalThis} realm its global object */
function addLanguage(realm) {
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf(new realm.Map().keys()));
  add(iterators, helpers);
  add(realm.Set.prototype, setMethods);
  add(realm.Object, objectMethods);
  add(realm.Map, mapMethods);
  add(realm.Promise, promiseMethods);
  add(realm.Array, arrayMethods);
}

/** @param {any} target @param {Record<string, Function>} methods */
function add(target, methods) {
  for (const [name, value] of Object.entries(methods))
    if (!(name in target))
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

module.exports = { addLanguage };
