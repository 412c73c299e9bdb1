// The copy of SQLite that counts rows (docs/decisions/0025). What it counts: conformance sql/row-counts, native row_counts_test.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { withRowCounts } = require('../../../scripts/sqlite-row-counts');

const folder = path.dirname(require.resolve('better-sqlite3/package.json'));
const source = fs.readFileSync(path.join(folder, 'deps/sqlite3/sqlite3.c'), 'latin1');

test('S4.5.7 the copy is SQLite with lines that name the counters, and nothing less', () => {
  const copy = withRowCounts(source).split('\n');
  const without = copy.filter((line) => !/aHoldfastRows|holdfast_statement_rows/.test(line));
  expect(copy.length - without.length).toBe(15);
  // The closing brace of the function at the end, and the empty line before it.
  expect(without.join('\n')).toBe(`${source}\n}\n`);
});

test('another SQLite, without one of the places, is refused by its name', () => {
  for (const [instruction, changed] of [
    ['case OP_Rewind: {', source.replace('\ncase OP_Rewind: {', '\ncase OP_RewindTo: {')],
    ['struct Vdbe {', source.replaceAll('u32 aCounter[9];', 'u32 aCounter[10];')],
  ])
    expect(() => withRowCounts(changed)).toThrow(`behind "${instruction}"`);
});
