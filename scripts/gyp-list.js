'use strict';

// Prints one of the lists that CMake and binding.gyp share, as gyp wants it: one item per line.
//
//   node scripts/gyp-list.js sources          C++ sources, from native/sources.txt
//   node scripts/gyp-list.js sqlite-options   definitions for sqlite3.c
//   node scripts/gyp-list.js sqlite-dir       folder of sqlite3.c and sqlite3.h
//   node scripts/gyp-list.js headers-dir      folder of napi.h
//
// better-sqlite3 and node-addon-api are needed to build from source only, so they are not
// dependencies of the package; an installed copy finds those of the project around it.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

/**
 * @param {string} file relative to the root
 * @returns {string[]} its lines but for empty ones and comments
 */
function linesOf(file) {
  const lines = fs.readFileSync(path.join(root, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * @param {string} name of an npm package
 * @returns {string} its folder
 */
function folderOf(name) {
  try {
    return path.dirname(require.resolve(`${name}/package.json`, { paths: [root] }));
  } catch {
    console.error(`holdfast: building from source needs ${name}: npm install --save-dev ${name}`);
    process.exit(1);
  }
}

/** @type {Record<string, () => string[]>} */
const lists = {
  sources: () => linesOf('native/sources.txt'),
  'sqlite-options': () => linesOf('cmake/sqlite-options.txt'),
  'sqlite-dir': () => [path.join(folderOf('better-sqlite3'), 'deps/sqlite3')],
  'headers-dir': () => [folderOf('node-addon-api')],
};

const list = lists[process.argv[2]];
if (!list) {
  console.error(`usage: gyp-list.js ${Object.keys(lists).join('|')}`);
  process.exit(1);
}
console.log(list().join('\n'));
