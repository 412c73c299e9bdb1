'use strict';

const { inspect } = require('node:util');
const { unsupportedBinding } = require('../../../lib/config');

const binding = unsupportedBinding({ kind: 'hyperdrive', name: 'CACHE' });
const TEXT =
  'env.CACHE (hyperdrive) cannot be used: holdfast does not have Hyperdrive. To use your own, give it to ' +
  'createRuntime({ bindings: { CACHE: myImplementation } }).';

test.each([
  ['a method', () => binding.get('key')],
  ['a property', () => binding.anything],
  ['an assignment', () => (binding.x = 1)],
  ['a call', () => binding()],
  ['a construction', () => new binding()],
  ['in', () => 'x' in binding],
  ['text', () => `${binding}`],
])('S8.1.7 throws on %s', (_, use) => {
  expect(use).toThrow(TEXT);
});

test('S8.1.7 env can be looked at', () => {
  expect(Boolean(binding)).toBe(true);
  expect(() => inspect({ CACHE: binding })).not.toThrow();
});
