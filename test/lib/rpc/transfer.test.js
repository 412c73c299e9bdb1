// Arguments and results on the other side (S7.5).
'use strict';

const { transfer, transferProps } = require('../../../lib/rpc/transfer');
const { RpcTarget } = require('../../../lib/rpc/rpc-target');
require('../../../lib/rpc/perform'); // what stubs call through
const { RpcStub } = require('../../../lib/rpc/rpc-stub');

/** @param {unknown} value @returns {any} */
const copy = (value) => transfer(value, undefined).value;

describe('S7.2.5, S7.5.1 values are copies', () => {
  test.each([
    ['primitives', [null, undefined, true, -0, NaN, 5n, 'text']],
    ['nested plain values', { list: [1, { two: 2 }] }],
    ['Date', new Date(1)],
    ['Map and Set', new Map([['k', new Set([1])]])],
    ['typed arrays', [Uint8Array.of(1, 2), Float32Array.of(0.5)]],
    ['RegExp', /x/g],
  ])('%s', (_name, value) => {
    const back = copy(value);
    expect(back).toStrictEqual(value);
    expect(back).not.toBe(value);
  });

  test('S7.5.8 sparse arrays and cycles', () => {
    /** @type {any[]} */
    const sparse = [];
    sparse[2] = sparse;
    const back = copy(sparse);
    expect(Object.keys(back)).toEqual(['2']);
    expect(back[2]).toBe(back);
  });

  test('views of one buffer keep sharing one copy', () => {
    const buffer = new ArrayBuffer(4);
    const [a, b] = copy([new Uint8Array(buffer, 0, 2), new Uint8Array(buffer, 1, 2)]);
    a[1] = 9;
    expect(b[0]).toBe(9);
    expect(new Uint8Array(buffer)[1]).toBe(0);
  });

  test('a key __proto__ is a key', () => {
    const back = copy(JSON.parse('{"__proto__": {"admin": true}}'));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.keys(back)).toEqual(['__proto__']);
  });

  test('S7.8.5 an error is a value without flags', () => {
    const back = copy(Object.assign(new RangeError('x'), { code: 1 }));
    expect(back).toBeInstanceOf(RangeError);
    expect([back.code, 'remote' in back]).toEqual([1, false]);
  });
});

describe('S7.5.2 by reference', () => {
  test('functions and targets become stubs, counted', async () => {
    class Target extends RpcTarget {
      hi() {
        return 'hi';
      }
    }
    const { value, stubs } = transfer({ f: () => 5, list: [new Target()] }, undefined);
    expect(stubs).toHaveLength(2);
    expect(value.f).toBeInstanceOf(RpcStub);
    expect(await value.f()).toBe(5);
    expect(await value.list[0].hi()).toBe('hi');
  });

  test('S7.6.2 a stub is duplicated: the sender keeps its own', async () => {
    const mine = new RpcStub(() => 'here');
    const theirs = copy(mine);
    theirs[Symbol.dispose]();
    expect(await mine()).toBe('here');
  });
});

describe('what cannot cross is a DataCloneError', () => {
  class Point {}
  const unsupported = (/** @type {string} */ name) =>
    `Could not serialize object of type "${name}". This type does not support serialization.`;

  test.each([
    ['S7.5.5 a class instance', () => new Point(), unsupported('Point')],
    ['S7.5.5 an object without prototype', () => Object.create(null), unsupported('Object')],
    ['S7.5.3 a URL', () => new URL('http://x'), unsupported('URL')],
    ['a symbol', () => Symbol('s'), 'Symbol(s) could not be cloned.'],
    ['a promise', () => Promise.resolve(), '#<Promise> could not be cloned.'],
    ['a WeakMap', () => new WeakMap(), '#<WeakMap> could not be cloned.'],
  ])('%s', (_name, make, message) => {
    /** @type {any} */
    let error;
    try {
      copy([make()]);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DOMException);
    expect([error.name, error.message]).toEqual(['DataCloneError', message]);
  });

  test('S7.3.4 a promise or property of a stub', () => {
    const stub = new RpcStub({ f: () => 1 });
    const call = stub.f();
    expect(() => copy(call)).toThrow(DOMException);
    expect(() => copy(stub.f)).toThrow(DOMException);
    return call;
  });
});

describe('S7.5.2 references', () => {
  test('one function or target gives one stub', () => {
    const f = () => 1;
    const target = new RpcTarget();
    const [a, b, c, d] = copy([f, f, target, target]);
    expect(a).toBe(b);
    expect(c).toBe(d);
  });

  test('S7.5.6 what stands for a plain object goes by reference', () => {
    expect(copy(new Proxy({ a: 1 }, {}))).toBeInstanceOf(RpcStub);
    expect(() => copy(new Proxy([1], {}))).toThrow(/^Proxy could not be serialized/);
  });

  test('stubs that were made for a value that is refused are disposed of', async () => {
    let disposed = 0;
    class Held extends RpcTarget {
      [Symbol.dispose]() {
        disposed += 1;
      }
    }
    expect(() => copy([new Held(), Symbol('x')])).toThrow(DOMException);
    await undefined;
    expect(disposed).toBe(1);
  });
});

describe('S7.5.8 cycles', () => {
  test('of errors cannot be read, as on workerd', () => {
    const error = /** @type {any} */ (new Error('cyclic'));
    error.cause = error;
    expect(() => copy(error)).toThrow('Unable to deserialize cloned data.');
    error.also = Symbol('what cannot be written comes first');
    expect(() => copy(error)).toThrow('could not be cloned.');
  });
});

describe('S7.7.2 props', () => {
  test('are copies, and take no functions', () => {
    const props = { list: [1] };
    const copied = transferProps(props);
    expect(copied).toEqual(props);
    expect(copied.list).not.toBe(props.list);
    expect(() => transferProps({ f() {} })).toThrow('f() {} could not be cloned.');
  });
});

describe('S7.5.7 the largest value', () => {
  const tooLarge = /limited to 32MiB, but the size of this value was: (\d+) bytes\.$/;

  test('the size is what structured clone would write', () => {
    expect(() => copy(new Uint8Array(33_554_432))).toThrow(
      /but the size of this value was: 33554447 bytes\.$/,
    );
    expect(copy(new Uint8Array(33_554_417)).byteLength).toBe(33_554_417);
  });

  test('text of one byte a character passes where its double would not', () => {
    expect(copy('x'.repeat(20_000_000)).length).toBe(20_000_000);
    expect(() => copy('☃'.repeat(20_000_000))).toThrow(tooLarge);
    expect(copy(['x'.repeat(20_000_000)])[0].length).toBe(20_000_000);
  });

  test('a value with a stub inside is judged by its count', () => {
    expect(() => copy([() => 1, new Uint8Array(34_000_000)])).toThrow(tooLarge);
  });
});
