// Parts of the language that packages for Workers use and that not every Node has.
import { answer, attempt } from '../probe.js';

const numbers = () =>
  new Map([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
  ]).keys();
const even = (value) => value % 2 === 0;

const probes = {
  async iterators() {
    function* three() {
      yield* [1, 2, 3];
    }
    return [
      [...numbers().filter(even)],
      numbers()
        .map((value, index) => value * index)
        .toArray(),
      numbers().drop(1).take(2).toArray(),
      three()
        .flatMap((value) => [value, value])
        .toArray(),
      [1, 2].values().reduce((sum, value) => sum + value),
      new Set([1, 2]).values().some(even),
      new Set([1, 2]).values().every(even),
      'text'[Symbol.iterator]().find((letter) => letter > 'f'),
      new Headers({ a: '1', b: '2' }).keys().toArray(),
      new URLSearchParams('a=1&b=2').values().map(Number).toArray(),
      typeof numbers().filter(even).map,
      numbers().map.call(numbers(), String).toArray().join(),
      await attempt(() => numbers().take(-1)),
    ];
  },

  async sets() {
    const [a, b] = [new Set([1, 2, 3]), new Set([3, 4])];
    return [
      [...a.union(b)],
      [...a.intersection(b)],
      [...b.intersection(new Set([5, 4, 3, 2]))],
      [...a.difference(b)],
      [...a.symmetricDifference(b)],
      [a.isSubsetOf(b), new Set([3]).isSubsetOf(a)],
      [a.isSupersetOf(new Set([1])), a.isSupersetOf(b)],
      [a.isDisjointFrom(b), a.isDisjointFrom(new Set([9]))],
      [...a.union(new Map([[7, 'x']]))],
      (await attempt(() => a.union([1]))).text?.startsWith('threw TypeError'),
      (await attempt(() => a.union({ size: -1 }))).text?.startsWith('threw RangeError'),
    ];
  },

  groups: () => {
    const byKind = Object.groupBy([1, 2, 3], (value) => (even(value) ? 'even' : 'odd'));
    const mapped = Map.groupBy([1, 2, 3], even);
    return [
      Object.getPrototypeOf(byKind),
      { ...byKind },
      [...mapped],
      [...Map.groupBy([1], () => -0).keys()].map((key) => Object.is(key, 0)),
    ];
  },

  async promises() {
    const { promise, resolve, reject } = Promise.withResolvers();
    resolve(5);
    reject(new Error('too late'));
    return [
      await promise,
      await Promise.try((a, b) => a + b, 1, 2),
      await attempt(() =>
        Promise.try(() => {
          throw new RangeError('no');
        }),
      ),
      Promise.withResolvers.call(class Mine extends Promise {}).promise.constructor.name,
    ];
  },

  async arrays() {
    async function* slow() {
      yield 1;
      yield 2;
    }
    return [
      await Array.fromAsync(slow()),
      await Array.fromAsync([Promise.resolve(3), 4], (value, index) => [value, index]),
      await Array.fromAsync({ length: 2, 0: 'a', 1: Promise.resolve('b') }),
    ];
  },

  hidden: () => {
    const seen = [];
    for (const name in numbers()) seen.push(name);
    for (const name in new Set()) seen.push(name);
    return [seen, Object.keys(Promise), Object.keys(Array), Object.keys(Map)];
  },
};

export default { fetch: (request) => answer(probes, request) };
