'use strict';
// A `Date` and a `performance` that tell another time. Instances are Node's own.

/** @param {() => number} now @returns {DateConstructor} */
function fakeDate(now) {
  const fakeNow = () => now();
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, name) => (name === 'now' ? fakeNow : Reflect.get(target, name)),
  });
}

/** @param {() => number} now @returns {typeof performance} */
function fakePerformance(now) {
  const origin = now();
  return new Proxy(performance, {
    get(target, name) {
      if (name === 'now') return () => now() - origin;
      if (name === 'timeOrigin') return origin;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

module.exports = { fakeDate, fakePerformance };
