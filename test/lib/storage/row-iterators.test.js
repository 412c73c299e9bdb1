// The iterators of storage (S3.11.3, S4.5.2, S4.5.5), with and without the engine's iterator helpers.
'use strict';

const { prototypeWithHelpers } = require('../../../lib/storage/iterator-prototype');
const { ListIterator, RawIterator, endFor } = require('../../../lib/storage/row-iterators');

/** @param {any[]} items */
const taker = (items) => {
  const left = [...items];
  return () => left.shift();
};

const end = endFor({ enable_fast_jsg_struct: true });

describe('S3.11.3 an iterator of storage', () => {
  test('gives done and value in this order, also at the end', () => {
    const iterator = new ListIterator(taker(['a']), end);
    expect(Object.entries(iterator.next())).toEqual([
      ['done', false],
      ['value', 'a'],
    ]);
    expect(Object.entries(iterator.next())).toEqual([
      ['done', true],
      ['value', undefined],
    ]);
  });

  test('has no value at the end without fast structs (before 2025-12-03)', () => {
    const iterator = new ListIterator(taker([]), endFor({ enable_fast_jsg_struct: false }));
    expect(Object.entries(iterator.next())).toEqual([['done', true]]);
  });

  test('is iterable once, named as in workerd, and has the helpers', () => {
    const iterator = /** @type {any} */ (new ListIterator(taker([1, 2, 3]), end));
    expect(Object.prototype.toString.call(iterator)).toBe('[object ListIterator]');
    expect(iterator[Symbol.iterator]()).toBe(iterator);
    expect([...iterator.map((/** @type {number} */ n) => n * 2)]).toEqual([2, 4, 6]);
    expect([...iterator]).toEqual([]);
  });

  test('S4.5.5 toArray takes what remains at once', () => {
    const iterator = new RawIterator(taker([[1]]), end, () => [[2], [3]]);
    iterator.next();
    expect(iterator.toArray()).toEqual([[2], [3]]);
  });
});

describe("the helpers that Node 20 lacks, as ECMAScript's", () => {
  const prototype = prototypeWithHelpers();
  /** @param {any[]} items */
  const of = (items) => {
    const take = taker(items);
    const next = () => {
      const value = take();
      return { done: value === undefined, value };
    };
    return Object.assign(Object.create(prototype), { next });
  };
  const isOdd = (/** @type {number} */ n) => n % 2 === 1;

  test.each([
    [
      'map',
      () => [...of([1, 2]).map((/** @type {number} */ n, /** @type {number} */ i) => [n, i])],
      [
        [1, 0],
        [2, 1],
      ],
    ],
    ['filter', () => [...of([1, 2, 3]).filter(isOdd)], [1, 3]],
    ['flatMap', () => [...of([1, 2]).flatMap((/** @type {number} */ n) => [n, n])], [1, 1, 2, 2]],
    ['take', () => [...of([1, 2, 3]).take(2)], [1, 2]],
    ['take none', () => [...of([1]).take(0)], []],
    ['drop', () => [...of([1, 2, 3]).drop(1)], [2, 3]],
    ['toArray', () => of([1, 2]).toArray(), [1, 2]],
    ['some', () => of([2, 3]).some(isOdd), true],
    ['every', () => of([1, 2]).every(isOdd), false],
    ['find', () => of([2, 3, 5]).find(isOdd), 3],
    [
      'reduce',
      () => of([1, 2, 3]).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b),
      6,
    ],
    [
      'reduce from',
      () => of([1]).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 10),
      11,
    ],
    ['chained', () => [...of([1, 2, 3, 4]).filter(isOdd).map(String)], ['1', '3']],
  ])('%s', (_name, run, expected) => expect(run()).toEqual(expected));

  test('forEach sees each value with its index', () => {
    /** @type {any[]} */
    const seen = [];
    of(['a', 'b']).forEach((/** @type {any[]} */ ...each) => seen.push(each));
    expect(seen).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  test('take does not advance past what it gives', () => {
    const source = of([1, 2, 3]);
    expect([...source.take(1)]).toEqual([1]);
    expect(source.next().value).toBe(2);
  });

  test('wrong arguments are refused at the call', () => {
    expect(() => of([]).map(5)).toThrow(TypeError);
    expect(() => of([]).take(-1)).toThrow(RangeError);
    expect(() => of([]).reduce(() => 0)).toThrow(TypeError);
  });
});
