'use strict';

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '../..');
const programsDir = path.join(__dirname, 'programs');
const document = fs.readFileSync(path.join(root, 'docs/compatibility.md'), 'utf8');

const programs = fs
  .readdirSync(programsDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: area }) =>
    fs
      .readdirSync(path.join(programsDir, area))
      .filter((file) => file.endsWith('.script.mjs'))
      .map((file) => `${area}/${file.slice(0, -'.script.mjs'.length)}`),
  )
  .sort();

/** The tables of features come before the counts of workerd's tests; one among them compares row counts. */
const features = document.split("\n## workerd's own tests")[0];
const rows = features
  .replace(/\n### Row counts[^]*?(?=\n## )/, '')
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line) && !line.startsWith('| -'));

test('the compatibility table names every conformance program and no other', () => {
  const named = rows.flatMap((row) =>
    [...row.split('|')[3].matchAll(/`([^`]+)`/g)].map(([, id]) => id),
  );
  expect([...new Set(named)].sort()).toEqual(programs);
});

test('every row has one of the three states', () => {
  const states = rows.map((row) => row.split('|')[2].trim()).filter((state) => state !== 'Status');
  expect(states.length).toBeGreaterThan(20);
  for (const state of states) expect(state).toMatch(/^(Supported|Partial|Not yet)/);
});

test('every expected difference has a reason and names its case', () => {
  const list = JSON.parse(
    fs.readFileSync(path.join(__dirname, 'expected-differences.json'), 'utf8'),
  );
  for (const entry of list) {
    expect(Object.keys(entry)).toEqual(['case', 'reason']);
    expect(entry.reason.length).toBeGreaterThan(20);
    expect(programs).toContain(entry.case.split(': ')[0]);
  }
});
