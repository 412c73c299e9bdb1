// HandleTable: entries by handles, of which only the newest of a place counts.
'use strict';

const { HandleTable } = require('../../lib/handle-table');

const kTwo32 = 4294967296;
/** @param {number} index @param {number} generation */
const entry = (index, generation) => ({ handle: generation * kTwo32 + index });

test('finds what has exactly that handle', () => {
  const table = new HandleTable();
  const one = entry(3, 1);
  table.add(one);
  expect(table.get(one.handle)).toBe(one);
  expect(table.get(entry(3, 2).handle)).toBeUndefined();
  expect(table.get(entry(2, 1).handle)).toBeUndefined();
  expect(table.get(entry(1_000, 1).handle)).toBeUndefined();
});

test('a later generation takes the place; the stale handle removes nothing', () => {
  const table = new HandleTable();
  const [old, young] = [entry(0, 1), entry(0, 2 ** 20 - 1)];
  table.add(old);
  table.add(young);
  table.delete(old.handle);
  expect(table.get(young.handle)).toBe(young);
  expect(table.get(old.handle)).toBeUndefined();
  table.delete(young.handle);
  expect(table.get(young.handle)).toBeUndefined();
});

test('an index above 2^31 is one like others', () => {
  const table = new HandleTable();
  expect(table.get(entry(0xfffffffe, 5).handle)).toBeUndefined();
  table.delete(entry(0xfffffffe, 5).handle);
  expect(table.values()).toEqual([]);
});

test('values come in order of their places, and may be removed meanwhile', () => {
  const table = new HandleTable();
  const entries = [entry(4, 1), entry(0, 1), entry(2, 7)];
  for (const one of entries) table.add(one);
  const seen = [];
  for (const one of table.values()) {
    table.delete(one.handle);
    seen.push(one);
  }
  expect(seen).toEqual([entries[1], entries[2], entries[0]]);
  expect(table.values()).toEqual([]);
});
