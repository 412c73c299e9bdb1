'use strict';
// IteratorPrototype: what the iterators of storage inherit from (spec S3.11.3, S4.5.5): %IteratorPrototype% with the standard
// iterator helpers. Node 20 has no helpers; there an object with the same ones stands between, for these iterators alone.

/** @type {any} */
const native = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/** @param {any} iterator @returns {Generator<any>} */
function* values(iterator) {
  for (let step = iterator.next(); !step.done; step = iterator.next()) yield step.value;
}

/** @param {unknown} fn */
function checkCallable(fn) {
  if (typeof fn !== 'function') throw new TypeError(`${String(fn)} is not a function`);
}

/** @param {unknown} count @returns {number} */
function toCount(count) {
  const number = Math.trunc(Number(count));
  if (!(number >= 0)) throw new RangeError(`${String(count)} must be positive`);
  return number;
}

/** @param {Generator<any>} generator a helper's result has helpers too */
function withHelpers(generator) {
  return {
    next: () => generator.next(),
    return: (/** @type {any} */ value) => generator.return(value),
    __proto__: IteratorPrototype,
  };
}

/**
 * A helper that gives an iterator: its argument is checked at the call, the rest happens as it is advanced.
 * @param {(argument: any) => any} check
 * @param {(source: Generator<any>, argument: any) => Generator<any>} run
 */
function lazy(check, run) {
  /** @this {any} @param {any} argument */
  return function helper(argument) {
    const checked = check(argument) ?? argument;
    return withHelpers(run(values(this), checked));
  };
}

const helpers = {
  map: lazy(checkCallable, function* (source, fn) {
    let index = 0;
    for (const value of source) yield fn(value, index++);
  }),
  filter: lazy(checkCallable, function* (source, fn) {
    let index = 0;
    for (const value of source) if (fn(value, index++)) yield value;
  }),
  flatMap: lazy(checkCallable, function* (source, fn) {
    let index = 0;
    for (const value of source) yield* fn(value, index++);
  }),
  take: lazy(toCount, function* (source, count) {
    if (count === 0) return;
    let taken = 0;
    for (const value of source) {
      yield value;
      if (++taken === count) return;
    }
  }),
  drop: lazy(toCount, function* (source, count) {
    let index = 0;
    for (const value of source) if (index++ >= count) yield value;
  }),
  /** @this {any} */
  toArray() {
    return [...values(this)];
  },
  /** @this {any} @param {any} fn */
  forEach(fn) {
    checkCallable(fn);
    let index = 0;
    for (const value of values(this)) fn(value, index++);
  },
  /** @this {any} @param {any} fn */
  some(fn) {
    checkCallable(fn);
    let index = 0;
    for (const value of values(this)) if (fn(value, index++)) return true;
    return false;
  },
  /** @this {any} @param {any} fn */
  every(fn) {
    checkCallable(fn);
    let index = 0;
    for (const value of values(this)) if (!fn(value, index++)) return false;
    return true;
  },
  /** @this {any} @param {any} fn */
  find(fn) {
    checkCallable(fn);
    let index = 0;
    for (const value of values(this)) if (fn(value, index++)) return value;
    return undefined;
  },
  /** @this {any} @param {any} fn @param {...any} initial */
  reduce(fn, ...initial) {
    checkCallable(fn);
    const source = values(this);
    let index = 0;
    let result = initial[0];
    if (initial.length === 0) {
      const first = source.next();
      if (first.done) throw new TypeError('Reduce of a done iterator with no initial value');
      result = first.value;
      index = 1;
    }
    for (const value of source) result = fn(result, value, index++);
    return result;
  },
};

function prototypeWithHelpers() {
  const prototype = Object.create(native);
  for (const [name, value] of Object.entries(helpers))
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  return prototype;
}

/** @type {any} */
const IteratorPrototype = typeof native.map === 'function' ? native : prototypeWithHelpers();

module.exports = { IteratorPrototype, helpers, prototypeWithHelpers };
