'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { emptyDataDir, makeDataDir, removeOldDataDirs } = require('../../bench/harness/data-dirs');
const { temporaryDirectory } = require('../support/server');

const dayMs = 24 * 3_600_000;

test('a run leaves its files, empty; those of runs more than a day ago are removed, and nothing else', () => {
  const out = temporaryDirectory('bench-data');
  fs.writeFileSync(path.join(out, 'client'), 'kept');
  const dataDir = makeDataDir(out);
  const file = path.join(dataDir, 'objects', '1.sqlite');
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, 'rows');

  emptyDataDir(dataDir);
  expect(fs.statSync(file).size).toBe(0);
  expect(removeOldDataDirs(out)).toEqual([]);
  expect(removeOldDataDirs(out, Date.now() + 2 * dayMs)).toEqual([dataDir]);
  expect(fs.readdirSync(out)).toEqual(['client']);
});
