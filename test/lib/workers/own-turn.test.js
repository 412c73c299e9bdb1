'use strict';

const { afterTurns, ownTurn } = require('../../../lib/workers/own-turn');

/** Notes a step, and the next ones after as many microtasks. @param {string[]} trace @param {string} name */
async function work(trace, name) {
  for (let i = 0; i < 3; i += 1) {
    trace.push(`${name}${i}`);
    await null;
  }
  return name;
}

test('S1.13 each runs when the caller rests, and until its microtasks are done', async () => {
  /** @type {string[]} */
  const trace = [];
  const ends = ['a', 'b'].map((name) => ownTurn(() => work(trace, name)));
  await work(trace, 'caller');
  expect(await Promise.all(ends)).toEqual(['a', 'b']);
  expect(trace).toEqual([
    ...['caller0', 'caller1', 'caller2'],
    ...['a0', 'a1', 'a2'],
    ...['b0', 'b1', 'b2'],
  ]);
});

test('S1.13 what one of them asks for comes after those that wait', async () => {
  /** @type {string[]} */
  const trace = [];
  const one = ownTurn(async () => {
    trace.push('one');
    await ownTurn(() => work(trace, 'inner'));
  });
  await Promise.all([one, ownTurn(() => work(trace, 'two'))]);
  await expect(ownTurn(() => Promise.reject(new RangeError('fails')))).rejects.toThrow('fails');
  expect(trace).toEqual(['one', 'two0', 'two1', 'two2', 'inner0', 'inner1', 'inner2']);
});

test('S1.13 what a call gives comes after the start of those that were made with it, and at once where there are none', async () => {
  /** @type {string[]} */
  const trace = [];
  const call = (/** @type {string} */ name) =>
    ownTurn(() =>
      afterTurns(
        (async () => {
          trace.push(`${name} starts`);
          if (name === 'two') throw new RangeError(name);
          return name;
        })(),
      ),
    ).then(
      (value) => trace.push(`${value} is told`),
      (error) => trace.push(`${error.message} is told`),
    );
  await Promise.all(['one', 'two', 'three'].map(call));
  await call('four');
  expect(trace).toEqual([
    ...['one starts', 'two starts', 'three starts'],
    ...['one is told', 'two is told', 'three is told', 'four starts', 'four is told'],
  ]);
});
