// Argument rules of the storage classes.
'use strict';

const {
  checkGiven,
  checkOptions,
  checkRange,
  toKey,
  toRange,
  toAlarmTime,
} = require('../../../lib/storage/arguments');

const owner = 'DurableObjectStorage';

describe('S0.1.7, S0.1.8 keys', () => {
  test.each([
    ['k', 'k'],
    ['', ''],
    [1, '1'],
    [null, 'null'],
    [{}, '[object Object]'],
    [undefined, 'undefined'],
    [['a', 'b'], 'a,b'],
  ])('%p is the key %p', (given, key) => expect(toKey(given)).toBe(key));

  test('a symbol is refused', () => {
    expect(() => toKey(Symbol('x'))).toThrow(
      new TypeError('Cannot convert a Symbol value to a string'),
    );
  });

  test('a missing one is refused, undefined is not', () => {
    expect(() => checkGiven([], 1, 'get', owner, 'string or Array')).toThrow(
      new TypeError(
        "Failed to execute 'get' on 'DurableObjectStorage': parameter 1 is not of type 'string or Array'.",
      ),
    );
    expect(() => checkGiven([undefined], 1, 'get', owner, 'string or Array')).not.toThrow();
  });
});

describe('S3.1.3 options', () => {
  test.each([[undefined], [null], [{}], [() => {}], [[]]])('%p is accepted', (given) =>
    expect(() => checkOptions(given, 2, 'get', owner, 'GetOptions')).not.toThrow(),
  );

  test.each([['x'], [5], [true], [Symbol('s')]])('%p is refused', (given) =>
    expect(() => checkOptions(given, 2, 'get', owner, 'GetOptions')).toThrow(
      new TypeError(
        "Failed to execute 'get' on 'DurableObjectStorage': parameter 2 is not of type 'GetOptions'.",
      ),
    ),
  );
});

describe('S3.5 ranges', () => {
  test('nothing means everything', () => {
    expect(toRange(undefined, owner)).toEqual({});
    expect(toRange(null, owner)).toEqual({});
  });

  test('an empty bound is a bound', () => {
    expect(toRange({ start: '', prefix: '' }, owner)).toMatchObject({ start: '', prefix: '' });
  });

  test('S3.5.3 start and startAfter exclude each other', () => {
    expect(() => checkRange(toRange({ start: 'a', startAfter: 'b' }, owner))).toThrow(
      new TypeError('list() cannot be called with both start and startAfter values.'),
    );
  });

  test.each([[0], [-1], [NaN], [0.9], [null], ['x']])('S3.5.4 the limit %p is refused', (limit) => {
    expect(() => checkRange(toRange({ limit }, owner))).toThrow(
      new TypeError('List limit must be positive.'),
    );
  });

  test('a fraction of the limit is dropped', () =>
    expect(toRange({ limit: 2.9 }, owner).limit).toBe(2));

  test('a limit beyond 32 bits is refused', () => {
    expect(() => toRange({ limit: 2 ** 40 }, owner)).toThrow(
      new TypeError('Value out of range. Must be between -2147483648 and 2147483647 (inclusive).'),
    );
  });

  test('options must be an object', () => expect(() => toRange('a', owner)).toThrow(TypeError));
});

describe('S5.1.3 alarm times', () => {
  test.each([
    [1.9, 1],
    [new Date(5), 5],
    [Date.UTC(2262, 3, 11), Date.UTC(2262, 3, 11)],
  ])('%p is %p ms', (given, ms) => expect(toAlarmTime(given, owner)).toBe(ms));

  test.each([
    [0, 'setAlarm() cannot be called with an alarm time <= 0'],
    [-5, 'setAlarm() cannot be called with an alarm time <= 0'],
    [NaN, 'The value cannot be converted because it is not a valid Date.'],
    [new Date(NaN), 'The value cannot be converted because it is not a valid Date.'],
    [Infinity, 'The value cannot be converted because it is not a valid Date.'],
    [Date.UTC(2263, 0, 1), "This API doesn't support dates after 2189."],
    [Date.UTC(1600, 0, 1), "This API doesn't support dates before 1687."],
    [
      '5',
      "Failed to execute 'setAlarm' on 'DurableObjectStorage': parameter 1 is not of type 'date'.",
    ],
    [
      undefined,
      "Failed to execute 'setAlarm' on 'DurableObjectStorage': parameter 1 is not of type 'date'.",
    ],
  ])('%p is refused', (given, message) => {
    expect(() => toAlarmTime(given, owner)).toThrow(new TypeError(message));
  });
});
