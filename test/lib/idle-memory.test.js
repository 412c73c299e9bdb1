'use strict';

const { IdleMemory, decide } = require('../../lib/idle-memory');

const MiB = 1024 * 1024;

describe('decide()', () => {
  test.each([
    ['waits while there is work', { turns: 51, heapBytes: 40 * MiB, floorBytes: 10 * MiB }, 'wait'],
    ['collects garbage', { turns: 0, heapBytes: 40 * MiB, floorBytes: 10 * MiB }, 'collect'],
    [
      'takes a few turns for quiet',
      { turns: 50, heapBytes: 14 * MiB, floorBytes: 10 * MiB },
      'collect',
    ],
    ['leaves little', { turns: 0, heapBytes: 13 * MiB, floorBytes: 10 * MiB }, 'skip'],
    ['leaves a heap that shrank', { turns: 0, heapBytes: 9 * MiB, floorBytes: 10 * MiB }, 'skip'],
    ['leaves a large heap', { turns: 0, heapBytes: 129 * MiB, floorBytes: 10 * MiB }, 'skip'],
  ])('%s', (_what, seen, expected) => {
    expect(decide(seen)).toBe(expected);
  });
});

describe('IdleMemory', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** @returns {{memory: IdleMemory, trim: jest.Mock}} */
  function make() {
    const trim = jest.fn();
    return { memory: new IdleMemory(trim), trim };
  }

  test('gives back once after a release, when a period was quiet', () => {
    const { memory, trim } = make();
    memory.released();
    memory.released();
    jest.advanceTimersByTime(1_999);
    expect(trim).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10_000);
    expect(trim).toHaveBeenCalledTimes(1);
  });

  test('waits for the end of the work', () => {
    const { memory, trim } = make();
    memory.released();
    for (let i = 0; i <= 50; i += 1) memory.turn();
    jest.advanceTimersByTime(2_000);
    expect(trim).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2_000);
    expect(trim).toHaveBeenCalledTimes(1);
  });

  test('does nothing after close(), nor when nothing was released', () => {
    const { memory, trim } = make();
    memory.turn();
    jest.advanceTimersByTime(10_000);
    memory.released();
    memory.close();
    jest.advanceTimersByTime(10_000);
    expect(trim).not.toHaveBeenCalled();
  });
});
