// What is said of a thrown thing that cannot be copied (S7.8.1).
'use strict';

const { detailString } = require('../../../lib/rpc/detail-string');

class Plain {}
class Named {
  static name = 'given';
}
const f = () => 5;

describe('S7.8.1 detail strings', () => {
  test.each([
    ['a plain object', {}, '#<Object>'],
    ['an instance', new Plain(), '#<Plain>'],
    ['a class whose name was overwritten', new Named(), '[object Object]'],
    ['an array', [1], '[object Array]'],
    ['a map', new Map(), '#<Map>'],
    ['no prototype', Object.create(null), '[object Object]'],
    ['a tag', { toString: null, [Symbol.toStringTag]: 'Tag' }, '[object Tag]'],
    ['a function', f, '() => 5'],
    ['a proxy of an array', new Proxy([1], {}), '[object Object]'],
    ['an error', new RangeError('far'), 'RangeError: far'],
    ['an error whose name is no string', Object.assign(new Error('m'), { name: {} }), 'm'],
    ['what says of itself what an error does', { toString: Error.prototype.toString }, ''],
  ])('%s', (_name, value, text) => expect(detailString(value)).toBe(text));

  test('run no code of the program', () => {
    let ran = 0;
    const value = {
      get constructor() {
        ran += 1;
        return Map;
      },
    };
    expect(detailString(value)).toBe('[object Object]');
    expect(ran).toBe(0);
  });

  test('end for an error that is its own message', () => {
    const error = /** @type {any} */ (new Error('x'));
    error.message = error;
    expect(detailString(error)).toBe('Error');
  });
});
