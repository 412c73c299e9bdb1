'use strict';

const { lostClose, whyTheyDiffer } = require('./socket-verdict');

const wentAway = '  |   close 1006 "WebSocket disconnected without sending Close frame." false; 2';
const wrong = { sockets: [{ name: 's0', kind: 'hibernatable' }], wrongs: new Map([['s0', '5.1']]) };
const none = { ...wrong, wrongs: new Map() };

const record = (sent, told) => ['s0 {}', ...sent, 'GET /1 -> 200', '  | s0', ...told];
const taken = record(['  text "x"'], ['  |   message "x"; 1']);
const failed = record(['  close 1002 …', '  ended'], [wentAway]);

test('a frame that is forbidden fails the connection', () => {
  expect(whyTheyDiffer(wrong)(taken, failed)).toBe('5.1');
  expect(whyTheyDiffer(none)(taken, failed)).toBeUndefined();
});

test('a failure has one shape', () => {
  const others = [
    record(['  close 1002 …'], [wentAway]),
    record(['  close 1000 ""', '  ended'], [wentAway]),
    record(['  close 1002 …', '  ended'], ['  |   message "y"; 1', wentAway]),
    record(['  close 1002 …', '  text "late"', '  ended'], [wentAway]),
  ];
  for (const shown of others) expect(whyTheyDiffer(wrong)(taken, shown)).toBeUndefined();
});

test('lists of sockets differ by that socket alone', () => {
  const listed = (list, lines) => [...lines, '  | s1', `  |   life 2 with ${list}`];
  const why = whyTheyDiffer(wrong);
  expect(why(listed('s1:1,s0:1', taken), listed('s1:1', failed))).toBe('5.1');
  expect(why(listed('s1:1,s0:1', taken), listed('s2:1', failed))).toBeUndefined();
});

test('a Close that workerd lost is that of an end which had closed', () => {
  const closes = '  |   close { args: [ 4000 ] } -> returned undefined; 2';
  const truth = ['  | L0 a: 3', closes, '  |   message "x"; 3', wentAway];
  const shown = ['  | L0 a: 3', closes, '  |   message "x"; 2', '  |   close 4000 "" true; 3'];
  expect(lostClose(truth, shown)).toBe('workerd lost a Close');
  const without = (/** @type {string[]} */ lines) => lines.filter((line) => line !== closes);
  expect(lostClose(without(truth), without(shown))).toBeUndefined();
  expect(lostClose(truth, [...shown.slice(0, 3), closes])).toBeUndefined();
  expect(lostClose(truth.slice(0, 3), shown.slice(0, 3))).toBeUndefined();
});
