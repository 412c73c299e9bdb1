'use strict';

jest.useFakeTimers({ now: 1_700_000_000_000 });
const { AlarmRun } = require('../../../lib/actors/alarm-run');

const NOW = 1_700_000_000_000;
const LIMIT_MS = 15 * 60 * 1_000;

afterEach(() => void jest.restoreAllMocks());

/**
 * An object with an alarm that is due, and what happened to it.
 * @param {Function | undefined} handler
 * @param {string} [verdict] of the schedule
 * @param {boolean} [hasMail] events wait for the object
 */
function make(handler, verdict = 'done', hasMail = false) {
  /** @type {unknown[][]} */
  const trace = [];
  const note = (/** @type {unknown[]} */ ...words) => void trace.push(words);
  /** @type {any} */
  const instance = {
    isLive: true,
    object: {},
    store: {
      storedAlarm: () => NOW,
      deleteAlarm: () => note('delete'),
      deferAlarmDeletion: () => {},
      settleAlarmDeletion: (/** @type {boolean} */ isOver) => note('settle', isOver),
    },
    handler: () => handler,
    postTask: (/** @type {() => void} */ task) => {
      note('task');
      queueMicrotask(task);
    },
    whenAllDurable: (/** @type {() => void} */ then) => then(),
    break: (/** @type {Error} */ error) => {
      note('break', error.message);
      instance.isLive = false;
      run.broken();
    },
    shard: {
      native: { hasMail: () => hasMail },
      alarmOver: (/** @type {unknown} */ _instance, /** @type {unknown[]} */ ...outcome) => {
        note('completed', ...outcome);
        return verdict;
      },
      dropAlarm: (/** @type {unknown} */ _instance, /** @type {unknown} */ storedAt) =>
        note('drop', storedAt),
    },
  };
  const run = new AlarmRun(instance, NOW, 0);
  run.start(() => note('over'));
  return { trace, instance };
}

const settled = () => jest.advanceTimersByTimeAsync(0);

test('S5.4.8 without a handler the alarm is dropped with a warning, and not tried again', () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const { trace } = make(undefined);
  expect(warn.mock.calls).toEqual([
    [
      'Attempted to run a scheduled alarm without a handler, did you remember to export an alarm() function?',
    ],
  ]);
  expect(trace).toEqual([['delete'], ['over'], ['completed', 'abandon', null]]);
});

test('S5.5.1 a run that takes a quarter of an hour resets the object and counts as a failure', async () => {
  const { trace } = make(() => new Promise(() => {}));
  await jest.advanceTimersByTimeAsync(LIMIT_MS - 1);
  expect(trace).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(trace).toEqual([
    ['break', 'Alarm exceeded its allowed execution time'],
    ['over'],
    ['completed', 'failure', null],
  ]);
});

test('S5.5.1 the limit is over with the run', async () => {
  const { trace } = make(() => {});
  await settled();
  const done = [['settle', true], ['over'], ['completed', 'success', null]];
  expect(trace).toEqual(done);
  await jest.advanceTimersByTimeAsync(LIMIT_MS);
  expect(trace).toEqual(done);
});

test('S5.4.3 an alarm that is given up leaves the store, unless another one has replaced it', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const { trace } = make(() => Promise.reject(new Error('again')), 'abandoned');
  await settled();
  expect(trace).toEqual([
    ['settle', false],
    ['over'],
    ['completed', 'failure', null],
    ['drop', NOW],
  ]);
});

test('S5.3.1 the handler lets what waits by then go first', async () => {
  const { trace } = make(() => {}, 'done', true);
  expect(trace).toEqual([['task']]);
  await settled();
  expect(trace).toEqual([['task'], ['settle', true], ['over'], ['completed', 'success', null]]);
});
