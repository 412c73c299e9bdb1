// Errors as bytes of a row (S3.8.2): the bytes are what workerd writes, read from its files.
'use strict';

const v8 = require('node:v8');
const { serialize, deserialize } = require('../../../lib/storage/value-codec');

/** @template {Error} T @param {T} error @returns {T} with a stack that is the same everywhere */
const still = (error) => Object.assign(error, { stack: 'STK' });

/** @param {string} text Latin-1 after the header */
const row = (text) => Buffer.from(`\xff\x0f${text}`, 'latin1');

/** @param {string} name @param {Error} error */
const named = (name, error) => Object.assign(error, { name });

const detailed = Object.assign(still(new Error('with')), { code: 5, detail: { a: 1 } });
const inner = Object.assign(still(new TypeError('inner')), { q: 1 });
const shared = Object.assign(still(new Error('sh')), { x: 1 });

/** @type {[string, unknown, string][]} */
const kRows = [
  ['Error', still(new Error('plain')), '\\\x0a\x01"\x05plaino"\x05stack"\x03STK{\x01'],
  ['TypeError', still(new TypeError('type')), '\\\x0a\x02"\x04typeo"\x05stack"\x03STK{\x01'],
  [
    'a name of its own',
    Object.assign(named('MyError', still(new Error('mine'))), { code: 'E_MINE' }),
    '\\\x0a\x00"\x07MyError"\x04mineo"\x05stack"\x03STK"\x04code"\x06E_MINE{\x02',
  ],
  [
    'properties',
    detailed,
    '\\\x0a\x01"\x04witho"\x05stack"\x03STK"\x04codeI\x0a"\x06detailo"\x01aI\x02{\x01{\x03',
  ],
  [
    'a cause that is an error',
    still(new Error('outer', { cause: inner })),
    '\\\x0a\x01"\x05outero"\x05stack"\x03STK"\x05cause\\\x0a\x02"\x05innero"\x05stack"\x03STK"\x01qI\x02{\x02{\x02',
  ],
  [
    'AggregateError',
    still(new AggregateError([still(new Error('one')), 2], 'both')),
    '\\\x0a\x0c"\x04botho"\x05stack"\x03STK"\x06errorsA\x02\\\x0a\x01"\x03oneo"\x05stack"\x03STK{\x01I\x04$\x00\x02{\x02',
  ],
  [
    'one error twice',
    [shared, shared],
    'A\x02\\\x0a\x01"\x02sho"\x05stack"\x03STK"\x01xI\x02{\x02^\x01$\x00\x02',
  ],
];

describe('S3.8.2 errors with enhanced_error_serialization', () => {
  test.each(kRows)('%s is written as workerd writes it', (_name, value, text) => {
    expect(Buffer.from(serialize(value)).toString('latin1')).toBe(row(text).toString('latin1'));
  });

  test('a name, properties and the stack come back', () => {
    const error = deserialize(row(kRows[2][2]));
    expect(error.constructor).toBe(Error);
    expect([error.name, error.message, error.code, error.stack]).toEqual([
      'MyError',
      'mine',
      'E_MINE',
      'STK',
    ]);
    expect(Object.hasOwn(error, 'message')).toBe(true);
    expect(Object.keys(error)).not.toContain('message');
  });

  test('built-in types and what they hold come back', () => {
    const outer = deserialize(row(kRows[4][2]));
    expect(outer.cause).toBeInstanceOf(TypeError);
    expect(outer.cause.q).toBe(1);
    const both = deserialize(row(kRows[5][2]));
    expect(both).toBeInstanceOf(AggregateError);
    expect(both.errors[0].message).toBe('one');
  });

  test('a cycle through an object keeps its identity', () => {
    /** @type {any} */
    const holder = { list: [1] };
    holder.error = Object.assign(still(new Error('oo')), { holder });
    const got = deserialize(serialize(holder));
    expect(got.error.holder).toBe(got);
    expect(got.list).toEqual([1]);
  });

  test('DOMException keeps name, message and stack', () => {
    const error = new DOMException('é', 'AbortError');
    const bytes = serialize(error);
    expect(Buffer.from(bytes.subarray(0, 18)).toString('latin1')).toBe(
      row('\\\x08\x0aAbortError\x02\xc3\xa9').toString('latin1'),
    );
    const got = deserialize(bytes);
    expect(got).toBeInstanceOf(DOMException);
    expect([got.name, got.message, got.stack]).toEqual(['AbortError', 'é', error.stack]);
  });

  test('S3.8.3 what a property holds is refused as anywhere', () => {
    expect(() => serialize(Object.assign(new Error('f'), { f: () => 1 }))).toThrow(
      '() => 1 could not be cloned.',
    );
    expect(() => serialize(Object.assign(new Error('u'), { u: new URL('http://a/') }))).toThrow(
      'Could not serialize object of type "URL". This type does not support serialization.',
    );
  });

  test('S3.8.8 a kind of object that is not known throws', () => {
    expect(() => deserialize(row('\\\x04\x03\x01\x00\x01a\x01b'))).toThrow(
      'A stored object of kind 4 is not supported by Holdfast.',
    );
  });
});

test('S3.8.2 without the flag V8 writes errors, and such rows stay readable', () => {
  const error = named('MyError', still(new RangeError('old')));
  const bytes = serialize(error, { enhancedErrors: false });
  expect(Buffer.from(bytes)).toEqual(v8.serialize(error));
  expect(deserialize(bytes).message).toBe('old');
});
