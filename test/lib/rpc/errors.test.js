// What a caller sees of an exception (S1.9.5, S7.8).
'use strict';

const { tunnelError } = require('../../../lib/rpc/errors');
const { resetError } = require('../../../lib/rpc/reset-error');
const { transfer } = require('../../../lib/rpc/transfer');

/** @param {unknown} value */
const copy = (value) => transfer(value, undefined).value;
/** @param {unknown} thrown */
const legacy = (thrown) => tunnelError(thrown, { enhanced: false, copy });
/** @param {unknown} thrown */
const enhanced = (thrown) => tunnelError(thrown, { enhanced: true, copy });

class MyErr extends Error {
  name = 'MyErr';
  code = 42;
}

describe('S7.8.1 legacy: only the text crosses', () => {
  test.each([
    ['RangeError', new RangeError('far'), RangeError, 'far'],
    ['SyntaxError', new SyntaxError(''), SyntaxError, ''],
    ['an unknown name', new MyErr('text'), Error, 'MyErr: text'],
    ['an object', { a: 1 }, Error, '#<Object>'],
    ['a string', 'x', Error, 'x'],
    ['null', null, Error, 'null'],
    ['a message of several lines', new TypeError('a\nb'), TypeError, 'a\nb'],
  ])('%s', (_name, thrown, Type, message) => {
    const error = legacy(thrown);
    expect(Object.getPrototypeOf(error)).toBe(Type.prototype);
    expect(error.message).toBe(message);
    expect(error.remote).toBe(true);
  });

  test('own properties are lost', () => expect(legacy(new MyErr('x')).code).toBeUndefined());
});

describe('S7.8.2 enhanced: the object crosses', () => {
  test('own properties, cause and a name of its own', () => {
    const thrown = new MyErr('text', { cause: new RangeError('why') });
    const error = enhanced(thrown);
    expect(error).not.toBe(thrown);
    expect(error).not.toBeInstanceOf(MyErr);
    expect([error.name, error.message, error.code]).toEqual(['MyErr', 'text', 42]);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.cause.remote).toBeUndefined();
  });

  test('an error with a message that is no string has no detail', () => {
    const error = enhanced(Object.assign(new TypeError('x'), { message: 5, code: 1 }));
    expect(error).toBeInstanceOf(TypeError);
    expect([error.message, error.code]).toEqual(['', undefined]);
  });

  test('what was thrown is overloaded or retryable, not both', () => {
    const error = enhanced(Object.assign(new Error('x'), { overloaded: 1, retryable: 1 }));
    expect([error.overloaded, error.retryable]).toEqual([true, 1]);
  });

  test('the callee’s stack stays there', () => {
    expect(enhanced(new Error('x')).stack).not.toMatch(/errors\.test\.js/);
  });

  test('one property that cannot cross drops the detail', () => {
    const thrown = Object.assign(new TypeError('x'), { code: 1, bad: Symbol('s') });
    const error = enhanced(thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.code).toBeUndefined();
  });

  test('S7.8.3 a thrown object arrives as one, with the flag', () => {
    expect(enhanced({ a: 1 })).toEqual({ a: 1, remote: true });
  });

  test('a DOMException keeps name and message only', () => {
    const error = enhanced(new DOMException('gone', 'AbortError'));
    expect(error).toBeInstanceOf(DOMException);
    expect([error.name, error.message]).toEqual(['AbortError', 'gone']);
  });
});

describe('S1.9.5 flags', () => {
  test('S1.9.6 retryable and overloaded survive the hop', () => {
    const error = enhanced(Object.assign(new Error('x'), { retryable: true, overloaded: 1 }));
    expect([error.retryable, error.overloaded, error.remote]).toEqual([true, true, true]);
  });

  test('absent flags are not set at all', () => {
    expect(Object.keys(enhanced(new Error('x')))).toEqual(['remote']);
  });

  test('a reset is a fresh copy for each caller, not remote', () => {
    const reason = new RangeError('broken');
    const error = resetError(reason, {});
    expect(error).not.toBe(reason);
    expect(error).toBeInstanceOf(RangeError);
    expect(Object.keys(error)).toEqual(['durableObjectReset']);
    expect(resetError(reason, {})).not.toBe(error, {});
    expect(enhanced(error)).toMatchObject({ durableObjectReset: true, remote: true });
  });
});

describe('S7.8.3 what is no error', () => {
  test('text that looks like an error stays text', () => {
    const error = legacy('TypeError: not one');
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error.message).toBe('TypeError: not one');
  });
});

describe('S7.8.2 names', () => {
  test('a name that the class gives becomes a property', () => {
    class Getter extends Error {
      get name() {
        return 'OfTheClass';
      }
    }
    expect(Object.keys(enhanced(new Getter('x')))).toContain('name');
  });

  test('the name of a built-in class chooses the class and is no property', () => {
    const error = enhanced(Object.assign(new Error('x'), { name: 'TypeError' }));
    expect(error).toBeInstanceOf(TypeError);
    expect(Object.hasOwn(error, 'name')).toBe(false);
  });
});
