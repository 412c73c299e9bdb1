// Which members a caller reaches (S7.1).
'use strict';

const { invokeInstance, invokeValue } = require('../../../lib/rpc/dispatch');
const { RpcTarget } = require('../../../lib/rpc/rpc-target');

class Base {
  inherited() {}
}
class Room extends Base {
  field = 'own';
  arrow = () => 1;
  join(/** @type {string} */ who) {
    return `${this.field} ${who}`;
  }
  get settings() {
    return { colour: 'red', nested: { twice: (/** @type {number} */ n) => 2 * n } };
  }
  get later() {
    return Promise.resolve({ value: 7 });
  }
  fetch() {}
  static make() {}
}

/** @param {string[]} path @param {unknown[]} [args] */
const onRoom = (path, args) => invokeInstance(new Room(), Base, RpcTarget, path, args);
const missing = (/** @type {string} */ name) =>
  new TypeError(`The RPC receiver does not implement the method "${name}".`);

describe('S7.1.2 instances', () => {
  test('a method runs with its instance', () => expect(onRoom(['join'], ['ann'])).toBe('own ann'));

  test.each(['field', 'arrow', 'toString', 'hasOwnProperty', 'inherited', 'make', 'nothing'])(
    '%s is not reachable',
    (name) => expect(() => onRoom([name], [])).toThrow(missing(name)),
  );
});

test.each([
  'fetch',
  'connect',
  'alarm',
  'webSocketMessage',
  'webSocketClose',
  'dup',
  'constructor',
])('S7.1.4 %s is reserved', (name) =>
  expect(() => onRoom([name], [])).toThrow(
    new TypeError(`'${name}' is a reserved method and cannot be called over RPC.`),
  ),
);

describe('S7.1.6 properties and paths', () => {
  test('a getter is read', () => expect(onRoom(['settings', 'colour'])).toBe('red'));
  test('and called through', () => expect(onRoom(['settings', 'nested', 'twice'], [4])).toBe(8));
  test('a promise on the way is waited for', () =>
    expect(onRoom(['later', 'value'])).resolves.toBe(7));
  test('a missing name anywhere is an error', () =>
    expect(() => onRoom(['settings', 'size', 'x'])).toThrow(missing('size')));
  test('calling what is no function', () =>
    expect(() => onRoom(['settings', 'colour'], [])).toThrow(
      new TypeError('"colour" is not a function.'),
    ));
});

describe('S7.1.3 plain objects and functions', () => {
  test('own properties only', () => {
    expect(invokeValue({ hi: () => 'hi' }, RpcTarget, ['hi'], [])).toBe('hi');
    expect(() => invokeValue({}, RpcTarget, ['toString'], [])).toThrow(missing('toString'));
    expect(() => invokeValue({}, RpcTarget, ['__proto__'])).toThrow(missing('__proto__'));
  });

  test('a function is called by the empty path', () => {
    expect(invokeValue((/** @type {number} */ n) => n + 1, RpcTarget, [], [1])).toBe(2);
    expect(() => invokeValue({}, RpcTarget, [], [])).toThrow(TypeError);
  });

  test('S7.1.4 a nested RpcTarget keeps its rules', () => {
    class Inner extends RpcTarget {
      secret = 1;
      open() {
        return 'open';
      }
    }
    const holder = { inner: new Inner() };
    expect(invokeValue(holder, RpcTarget, ['inner', 'open'], [])).toBe('open');
    expect(() => invokeValue(holder, RpcTarget, ['inner', 'secret'])).toThrow(missing('secret'));
    expect(() => invokeValue(holder, RpcTarget, ['inner', 'dup'], [])).toThrow(/reserved method/);
  });
});
