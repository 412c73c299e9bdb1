'use strict';

const { whyTheyDiffer } = require('./hostile-verdict');

/** @param {object} given @param {string[]} truth @param {string[]} shown */
function why(given, truth, shown) {
  return whyTheyDiffer({ name: '', target: '/', before: 0, ...given })(truth, shown);
}

const taken = ['HTTP/1.1 200 OK', '  x-seen: GET', 'closed'];
const refused = ['HTTP/1.1 400 Bad Request', 'closed'];
const clause = 'RFC 9112, 5.1';

test('a refusal needs a clause', () => {
  expect(why({ refusal: clause }, taken, refused)).toContain(clause);
  expect(why({}, taken, refused)).toBeUndefined();
});

test('a refusal that is no refusal', () => {
  const all = [
    ['HTTP/1.1 400 Bad Request', 'left open'],
    ['HTTP/1.1 200 OK', 'closed'],
    ['HTTP/1.1 500 Internal Server Error', 'closed'],
    ['HTTP/1.1 400 Bad Request', 'HTTP/1.1 400 Bad Request', 'closed'],
    ['HTTP/1.1 200 OK', ...refused],
    ['closed'],
  ];
  for (const shown of all) expect(why({ refusal: clause }, taken, shown)).toBeUndefined();
});

test('what was answered before is the same, but for what a reset took along', () => {
  const given = { refusal: clause, before: 1 };
  const first = ['HTTP/1.1 200 OK', '  | a'];
  const shown = [...first, ...refused];
  expect(why(given, [...first, ...taken], shown)).toContain(clause);
  expect(why(given, ['HTTP/1.1 200 OK', '  | b', ...taken], shown)).toBeUndefined();
  expect(why(given, ['closed'], shown)).toBeUndefined();
  expect(why(given, ['reset'], shown)).toBeDefined();
});

test('the authority of an absolute target', () => {
  const given = { target: 'http://other.example' };
  const of = (url) => ['HTTP/1.1 200 OK', `  |  "url": "${url}",`, 'closed'];
  const truth = of('http://conformance.example/');
  expect(why(given, truth, of('http://other.example/'))).toContain('3.2.2');
  expect(why(given, truth, of('http://third.example/'))).toBeUndefined();
});
