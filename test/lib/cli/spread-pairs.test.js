'use strict';

const { spreadPairs } = require('../../../lib/cli/spread-pairs');

test.each([
  ['start --var A:1 B=2 dir', 'start --var A:1 --var B=2 dir'],
  ['dev --var A:1 ./dir --port 1', 'dev --var A:1 ./dir --port 1'],
  ['dev --var A:1 --port 1 B:2', 'dev --var A:1 --port 1 B:2'],
  ['dev --var A:1 B:https://x.y/z C:', 'dev --var A:1 --var B:https://x.y/z --var C:'],
  ['dev --var A:1 --var B:2 C:3', 'dev --var A:1 --var B:2 --var C:3'],
  ['dev --var A:1 http://x', 'dev --var A:1 http://x'],
  ['dev --var A:1 /a:b', 'dev --var A:1 /a:b'],
  ['dev --define A.B:1 process.env.C:2', 'dev --define A.B:1 --define process.env.C:2'],
  ['dev --alias a:./a @b/c/d:e f', 'dev --alias a:./a --alias @b/c/d:e f'],
  ['dev --env A:1 B:2', 'dev --env A:1 B:2'],
  ['start dir --var', 'start dir --var'],
])('%s', (given, expected) => {
  expect(spreadPairs(given.split(' '))).toEqual(expected.split(' '));
});
