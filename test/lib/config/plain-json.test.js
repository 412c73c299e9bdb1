'use strict';

// A config that is JSON but for comments and commas at an end is read without jsonc-parser, to the same result: texts that are made of
// the same pieces in all orders are read both ways.

const jsonc = require('jsonc-parser');
const { parseConfigDocument } = require('../../../lib/config/config-document');
const { randomFrom, seed } = require('../../support/random');

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ',',
    ':',
    ' ',
    '\n',
    '\t',
    '"a"',
    '"b"',
    '"//"',
    '"/*"',
    '"*/"',
    '"\\""',
    '"\\\\"',
  ],
  ...[
    '1',
    '-2.5e3',
    'true',
    'null',
    '// c\n',
    '// ,]\r\n',
    '/* c */',
    '/* "a" , ] */',
    '/**/',
    '/',
    '*/',
    '"',
  ],
];

/** What jsonc-parser makes of it. @param {string} text */
function expected(text) {
  /** @type {import('jsonc-parser').ParseError[]} */
  const errors = [];
  const tree = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  return tree && errors.length === 0 ? { data: jsonc.getNodeValue(tree) } : 'error';
}

/** @param {string} text */
function actual(text) {
  try {
    return { data: parseConfigDocument('/x/wrangler.jsonc', text).data };
  } catch (error) {
    if (/should be an object/.test(/** @type {Error} */ (error).message)) return 'no object';
    return 'error';
  }
}

test('every text is read as jsonc-parser reads it', () => {
  const below = randomFrom(seed + 1);
  let read = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const inner = Array.from({ length: below(9) }, () => pieces[below(pieces.length)]);
    const text = below(2) === 0 ? `{"k":[${inner.join('')}]}` : `{${inner.join('')}}`;
    const wanted = expected(text);
    const got = actual(text);
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      throw new Error(`seed ${seed}: ${JSON.stringify(text)}: ${JSON.stringify([got, wanted])}`);
    if (got !== 'error') read += 1;
  }
  expect(read).toBeGreaterThan(1000);
});

test('the places of what is wrong are there all the same', () => {
  const text = '// c\n{\n  "a": { "b": [1, 2, ], },\n}\n';
  const document = parseConfigDocument('/x/wrangler.jsonc', text);
  expect(document.error(['a', 'b', 1], 'is wrong.').message).toMatch(
    /wrangler\.jsonc:3:19: is wrong\.$/,
  );
});
