'use strict';
// The order of timers, against a list that is sorted each time.

const { TimerHeap } = require('../../../lib/timers/timer-heap');

/** Numbers of a seed (mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const sorted = (list) => [...list].sort((a, b) => a.due - b.due || a.order - b.order);

test.each(Array.from({ length: 50 }, (_, seed) => seed))('adds and removals of seed %d', (seed) => {
  const below = numbers(seed);
  const heap = new TimerHeap();
  const model = [];
  for (let order = 0; order < 300; order += 1) {
    const choice = below(10);
    if (choice < 6) {
      const entry = { due: below(20), order, place: -1 };
      heap.add(entry);
      model.push(entry);
    } else if (choice < 8 && model.length > 0) {
      const [entry] = model.splice(below(model.length), 1);
      heap.remove(entry);
      heap.remove(entry); // it is not in it any more
    } else if (model.length > 0) {
      const first = heap.first;
      heap.remove(first);
      expect(first).toBe(sorted(model)[0]);
      model.splice(model.indexOf(first), 1);
    }
    expect(heap.size).toBe(model.length);
    expect(heap.first).toBe(sorted(model)[0]);
  }
});
