// Values as bytes of a row (S3.8).
'use strict';

const v8 = require('node:v8');
const { serialize, deserialize } = require('../../../lib/storage/value-codec');
const { RpcTarget } = require('../../../lib/rpc/rpc-target');
const { RpcStub } = require('../../../lib/rpc/rpc-stub');

/** @param {unknown} value @returns {any} */
const roundTrip = (value) => deserialize(serialize(value));

/** @param {() => unknown} run @returns {any} */
function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('S3.8.1 the wire format', () => {
  test('starts with FF 0F and is readable by v8.deserialize', () => {
    const bytes = serialize({ a: [1, 'two'] });
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0x0f]);
    expect(v8.deserialize(bytes)).toEqual({ a: [1, 'two'] });
  });

  test('S3.8.8 bytes that are no value throw', () => {
    expect(() => deserialize(Uint8Array.from([0xff, 0x0f, 0x6f]))).toThrow();
    expect(() => deserialize(Uint8Array.from([1, 2, 3]))).toThrow();
  });
});

describe('S3.8.2 supported values', () => {
  test.each([
    ['null', null],
    ['undefined', undefined],
    ['true', true],
    ['a nested undefined', { a: undefined }],
    ['NaN', NaN],
    ['-Infinity', -Infinity],
    ['-0', -0],
    ['a BigInt', -(2n ** 80n)],
    ['text beyond Latin-1', 'søk \u{1f600} \0'],
    ['a Date', new Date(1e12)],
    ['a Map with object keys', new Map([[{ k: 1 }, new Set(['x'])]])],
    ['plain objects and arrays', { list: [1, [2, { three: 3 }]] }],
    ['a typed array', Float64Array.of(1.5, NaN)],
    ['a BigInt64Array', BigInt64Array.of(-1n)],
  ])('%s', (_name, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
  });

  test('wrapper objects', () => {
    for (const value of [Object(1), Object('s'), Object(true), Object(5n)]) {
      const back = roundTrip(value);
      expect(typeof back).toBe('object');
      expect(back.valueOf()).toBe(value.valueOf());
    }
  });

  test('a RegExp loses its lastIndex', () => {
    const value = /a+/giu;
    value.lastIndex = 3;
    expect(roundTrip(value)).toEqual(/a+/giu);
    expect(roundTrip(value).lastIndex).toBe(0);
  });

  test('a sparse array stays sparse', () => {
    const value = [];
    value[3] = 'x';
    const back = roundTrip(value);
    expect(back).toHaveLength(4);
    expect(Object.keys(back)).toEqual(['3']);
  });

  test('ArrayBuffer and DataView with their offsets', () => {
    const buffer = Uint8Array.of(1, 2, 3, 4).buffer;
    expect(new Uint8Array(roundTrip(buffer))).toEqual(Uint8Array.of(1, 2, 3, 4));
    const view = roundTrip(new DataView(buffer, 1, 2));
    expect(view.constructor.name).toBe('DataView');
    expect([view.byteLength, view.getUint8(0)]).toEqual([2, 2]);
  });

  test('errors of the built-in classes', () => {
    const back = roundTrip(new RangeError('too far'));
    expect(back.constructor.name).toBe('RangeError');
    expect(back.message).toBe('too far');
  });

  test('cycles and shared references', () => {
    /** @type {any} */
    const value = { child: { name: 'x' } };
    value.self = value;
    value.again = value.child;
    const back = roundTrip(value);
    expect(back.self).toBe(back);
    expect(back.again).toBe(back.child);
  });

  test('S3.8.5 class instances become plain objects', () => {
    class Point {
      x = 1;
      get y() {
        return 2;
      }
    }
    const back = roundTrip(new Point());
    expect(back.constructor.name).toBe('Object');
    expect(back).toEqual({ x: 1 });
  });
});

describe('S3.8.6 Buffers', () => {
  test('come back as Uint8Array', () => {
    const back = roundTrip(Buffer.from('hello'));
    expect(Object.getPrototypeOf(back)).toBe(Uint8Array.prototype);
    expect(Buffer.from(back).toString()).toBe('hello');
  });

  test.each([
    ['alone', (/** @type {Buffer} */ pooled) => pooled],
    ['in an object', (/** @type {Buffer} */ pooled) => ({ deep: [pooled] })],
    ['in a Map', (/** @type {Buffer} */ pooled) => new Map([['k', pooled]])],
    ['in a Set', (/** @type {Buffer} */ pooled) => new Set([pooled])],
    [
      'in a class instance',
      (/** @type {Buffer} */ pooled) =>
        new (class Row {
          data = pooled;
        })(),
    ],
  ])('of a pool do not drag the pool into the row: %s', (_name, wrap) => {
    const pooled = Buffer.from('a pooled secret is beside me');
    expect(pooled.buffer.byteLength).toBeGreaterThan(1_000);
    expect(serialize(wrap(pooled)).byteLength).toBeLessThan(200);
  });

  test('the caller keeps its own value', () => {
    const pooled = Buffer.from('mine');
    const value = { pooled };
    serialize(value);
    expect(value.pooled).toBe(pooled);
  });
});

// V8 writes `#<X>` for its own realm, as a program sees it, and `[object X]` for the realm Jest runs tests in.
/** @param {string} name */
const inRealm = (name) => new RegExp(`^(#<${name}>|\\[object ${name}\\]) could not be cloned\\.$`);

describe('S3.8.3, S3.8.4 what cannot be stored is a DataCloneError', () => {
  test.each([
    ['a function', () => () => {}, '() => {} could not be cloned.'],
    ['a symbol', () => Symbol('x'), 'Symbol(x) could not be cloned.'],
    ['a promise', () => Promise.resolve(), inRealm('Promise')],
    ['a WeakMap', () => new WeakMap(), inRealm('WeakMap')],
    ['a proxy', () => new Proxy({}, {}), inRealm('Object')],
    ['a RpcTarget', () => new RpcTarget(), 'Remote RPC references can only be serialized for RPC.'],
    ['a RpcStub', () => new RpcStub(() => {}), 'RpcStub cannot be serialized in this context.'],
    [
      'shared memory',
      () => new SharedArrayBuffer(1),
      'Could not serialize object of type "SharedArrayBuffer". This type does not support serialization.',
    ],
  ])('%s', (_name, make, message) => {
    for (const value of [make(), { nested: [make()] }]) {
      const error = thrownBy(() => serialize(value));
      expect(error).toBeInstanceOf(DOMException);
      expect(error.name).toBe('DataCloneError');
      if (message instanceof RegExp) expect(error.message).toMatch(message);
      else expect(error.message).toBe(message);
    }
  });

  test('S3.8.7 a getter runs once and its exception is the caller’s', () => {
    let runs = 0;
    const counting = Object.defineProperty({}, 'x', { enumerable: true, get: () => (runs += 1) });
    expect(roundTrip(counting)).toEqual({ x: 1 });
    expect(runs).toBe(1);
    const failing = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw new RangeError('mine');
      },
    });
    expect(() => serialize(failing)).toThrow(new RangeError('mine'));
  });
});
