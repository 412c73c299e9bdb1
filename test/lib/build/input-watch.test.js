// Writes of a bundle's own files are heard of at once, and nothing else is.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { watchInputs } = require('../../../lib/build/input-watch');
const { temporaryDirectory } = require('../../support/server');

/** A watch, and the next time it hears of something. */
function open() {
  const directory = temporaryDirectory('input-watch');
  const file = (/** @type {string} */ name) => path.join(directory, name);
  for (const name of ['a.ts', 'b.ts']) fs.writeFileSync(file(name), '1');
  let heard = 0;
  let wake = () => {};
  const watch = watchInputs(() => {
    heard += 1;
    wake();
  });
  return {
    file,
    watch,
    heard: () => heard,
    next: () => new Promise((resolve) => (wake = () => resolve(undefined))),
  };
}

test('a write is heard of, also when the file was replaced', async () => {
  const { file, watch, next } = open();
  watch.follow([file('a.ts')]);
  let change = next();
  fs.writeFileSync(file('a.ts'), '2');
  await change;
  change = next();
  fs.writeFileSync(file('a.ts.new'), '3');
  fs.renameSync(file('a.ts.new'), file('a.ts'));
  await change;
  watch.close();
});

test('other files are not', async () => {
  const { file, watch, heard, next } = open();
  watch.follow([file('a.ts'), file('b.ts')]);
  watch.follow([file('b.ts')]);
  const change = next();
  fs.writeFileSync(file('a.ts'), '2');
  fs.writeFileSync(file('c.ts'), '2');
  fs.writeFileSync(file('b.ts'), '2');
  await change;
  expect(heard()).toBe(1);
  watch.close();
});

test('a directory that is gone is no error', () => {
  const { file, watch } = open();
  watch.follow([file('gone/a.ts'), file('b.ts')]);
  watch.close();
});
