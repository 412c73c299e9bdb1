'use strict';
// Which answers wait for which messages (S6.3).

const { MessagesUnderWay } = require('../../../lib/actors/messages-under-way');

let messages;
let left;
const answer = (name) => messages.after(() => left.push(name));

beforeEach(() => {
  messages = new MessagesUnderWay();
  left = [];
});

test('an answer leaves at once when nothing is under way', () => {
  answer('first');
  expect(left).toEqual(['first']);
});

test('it waits for what was sent before, not for what was sent later', () => {
  const [one, two] = [messages.add('message'), messages.add('message')];
  answer('first');
  const three = messages.add('message');
  answer('second');
  two();
  three();
  expect(left).toEqual([]);
  one();
  expect(left).toEqual(['first', 'second']);
});

test('answers keep their order', () => {
  const one = messages.add('message');
  answer('first');
  const two = messages.add('message');
  answer('second');
  one();
  expect(left).toEqual(['first']);
  two();
  one(); // once more is nothing
  expect(left).toEqual(['first', 'second']);
});

test('a close holds back only answers of calls that begin after it', () => {
  const closed = messages.add('end');
  answer('of its own call');
  expect(left).toEqual(['of its own call']);
  messages.callStarts();
  answer('of the next call');
  expect(left).toHaveLength(1);
  closed();
  expect(left).toEqual(['of its own call', 'of the next call']);
});

test('a close that has come before holds back nothing', () => {
  messages.add('end')();
  messages.callStarts();
  expect(messages.isEmpty).toBe(true);
});
