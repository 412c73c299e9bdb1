'use strict';

const { IdleMemory, decide } = require('../../lib/idle-memory');

const MiB = 1024 * 1024;

describe('decide()', () => {
  test.each([
    [
      'waits while there is work',
      { turns: 51, heapBytes: 40 * MiB, floorBytes: 10 * MiB, released: 1 },
      'wait',
    ],
    [
      'collects garbage',
      { turns: 0, heapBytes: 40 * MiB, floorBytes: 10 * MiB, released: 1 },
      'collect',
    ],
    [
      'takes a few turns for quiet',
      { turns: 50, heapBytes: 14 * MiB, floorBytes: 10 * MiB, released: 1 },
      'collect',
    ],
    [
      'looks for what many have left',
      { turns: 0, heapBytes: 10 * MiB, floorBytes: 10 * MiB, released: 64 },
      'collect',
    ],
    ['leaves little', { turns: 0, heapBytes: 13 * MiB, floorBytes: 10 * MiB, released: 1 }, 'skip'],
    [
      'leaves a heap that shrank',
      { turns: 0, heapBytes: 9 * MiB, floorBytes: 10 * MiB, released: 1 },
      'skip',
    ],
    [
      'leaves a large heap',
      { turns: 0, heapBytes: 129 * MiB, floorBytes: 10 * MiB, released: 1 },
      'skip',
    ],
  ])('%s', (_what, seen, expected) => {
    expect(decide(seen)).toBe(expected);
  });
});

describe('IdleMemory', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** @param {number[]} [young] bytes of room for young objects, at each look the next; the last one stays */
  function make(young = [0]) {
    const trim = jest.fn();
    const collect = jest.fn();
    const youngBytes = () => (young.length > 1 ? Number(young.shift()) : young[0]);
    const heap = { usedBytes: () => 10 * MiB, youngBytes, collect };
    return { memory: new IdleMemory(trim, heap), trim, collect };
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

  test('evictions are no work', () => {
    const { memory, trim } = make();
    for (let i = 0; i <= 100; i += 1) {
      memory.turn();
      memory.released();
    }
    jest.advanceTimersByTime(2_000);
    expect(trim).toHaveBeenCalledTimes(1);
  });

  test('collects again until the room for young objects is small', () => {
    const { memory, trim, collect } = make([32 * MiB, 32 * MiB, 1 * MiB]);
    memory.released();
    jest.advanceTimersByTime(2_000);
    expect(trim).toHaveBeenCalledTimes(1);
    expect(collect).not.toHaveBeenCalled();
    jest.advanceTimersByTime(6_000);
    expect(collect).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(60_000);
    expect(collect).toHaveBeenCalledTimes(2);
  });

  test('gives up on a room that V8 keeps', () => {
    const { memory, collect } = make([32 * MiB]);
    memory.released();
    jest.advanceTimersByTime(100_000);
    expect(collect).toHaveBeenCalledTimes(3);
  });

  test('collects for room only when it is quiet', () => {
    const { memory, collect } = make([32 * MiB, 32 * MiB, 1 * MiB]);
    memory.released();
    jest.advanceTimersByTime(2_000);
    for (let i = 0; i <= 50; i += 1) memory.turn();
    jest.advanceTimersByTime(6_000);
    expect(collect).not.toHaveBeenCalled();
    jest.advanceTimersByTime(6_000);
    expect(collect).toHaveBeenCalledTimes(1);
  });

  test('what is released meanwhile gets a look of its own', () => {
    const { memory, trim } = make([32 * MiB, 1 * MiB]);
    memory.released();
    jest.advanceTimersByTime(3_000);
    memory.released();
    jest.advanceTimersByTime(5_000);
    expect(trim).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(2_000);
    expect(trim).toHaveBeenCalledTimes(2);
  });

  test('sockets that went with their object count', () => {
    const { memory, collect } = make();
    memory.sleeping(63);
    memory.released();
    jest.advanceTimersByTime(2_000);
    expect(collect).toHaveBeenCalledTimes(1);
    memory.released();
    jest.advanceTimersByTime(2_000);
    expect(collect).toHaveBeenCalledTimes(1);
  });
});
