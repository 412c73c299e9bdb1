// Which members a caller reaches (S7.1).
'use strict';

const { invoke, views } = require('../../../lib/rpc/dispatch');
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
  set onlySet(/** @type {number} */ value) {}
  fetch() {}
  static make() {}
}

/** @param {string[]} path @param {unknown[]} [args] */
const onRoom = (path, args) =>
  invoke(new Room(), { ...views.entrypoint, base: Base.prototype }, path, args);
/** @param {any} value @param {string[]} path @param {unknown[]} [args] */
const onValue = (value, path, args) => invoke(value, views.value, path, args);
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
  test('a path does not go through a promise', () =>
    expect(() => onRoom(['later', 'value'])).toThrow(missing('later')));
  test('a missing name anywhere is an error', () =>
    expect(() => onRoom(['settings', 'size', 'x'])).toThrow(missing('size')));
  test('a member that nobody can read is missing', () =>
    expect(() => onRoom(['onlySet'])).toThrow(missing('onlySet')));
  test('calling what is no function names its path', () =>
    expect(() => onRoom(['settings', 'colour'], [])).toThrow(
      new TypeError('"settings.colour" is not a function.'),
    ));
});

describe('S7.1.3 plain objects and functions', () => {
  test('own properties only', () => {
    expect(onValue({ hi: () => 'hi' }, ['hi'], [])).toBe('hi');
    expect(() => onValue({}, ['toString'], [])).toThrow(missing('toString'));
    expect(() => onValue({}, ['__proto__'])).toThrow(missing('__proto__'));
  });

  test('a function is called by the empty path', () => {
    expect(onValue((/** @type {number} */ n) => n + 1, [], [1])).toBe(2);
    expect(() => onValue({}, [], [])).toThrow(new TypeError('"(this)" is not a function.'));
  });

  test('S7.1.4 a nested RpcTarget keeps its rules', () => {
    class Inner extends RpcTarget {
      secret = 1;
      open() {
        return 'open';
      }
    }
    const holder = { inner: new Inner() };
    expect(onValue(holder, ['inner', 'open'], [])).toBe('open');
    expect(() => onValue(holder, ['inner', 'secret'])).toThrow(missing('secret'));
    expect(() => onValue(holder, ['inner', 'dup'], [])).toThrow(/reserved method/);
  });
});
