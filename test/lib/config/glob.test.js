'use strict';

const { globToRegExp } = require('../../../lib/config/glob');

test.each([
  ['**/*.txt', 'a.txt', true],
  ['**/*.txt', 'a/b/c.txt', true],
  ['**/*.txt', 'a.txt.js', false],
  ['*.txt', 'a/b.txt', false],
  ['src/**', 'src/a/b', true],
  ['**/*.{md,txt}', 'x/y.md', true],
  ['**/*.{md,txt}', 'x/y.mdx', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[!a]b', 'ab', false],
  ['[!a]b', 'cb', true],
  ['a.b+c', 'axb+c', false],
  ['**/*.wasm?module', 'a.wasm?module', true],
])('%s and %s: %s', (glob, path, matches) => {
  expect(globToRegExp(glob).test(path)).toBe(matches);
});
