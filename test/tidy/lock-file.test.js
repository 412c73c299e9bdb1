'use strict';

// The lock file is what scripts/setup.mjs installs. It was written against a registry that lacks some
// optional packages of other systems (workerd for macOS and Windows, some resolvers of Jest's), so it
// does not hold those, and npm 11's `npm ci` refuses it; setup.mjs therefore uses `npm install
// --no-save`. What Linux on x86-64 needs must be there.

const { read } = require('./source-files');

const { packages } = JSON.parse(read('package-lock.json'));

/** Names of optional packages that carry the binaries of the system we support. */
const ours = /linux-(x64|64)(-gnu)?$/;

/**
 * @param {object} lock the `packages` of a lock file
 * @returns {string[]} dependencies that it names and we need, but that it does not hold
 */
function missingFrom(lock) {
  return Object.entries(lock).flatMap(([place, entry]) => {
    const optional = Object.keys(entry.optionalDependencies ?? {}).filter((name) =>
      ours.test(name),
    );
    return [...Object.keys(entry.dependencies ?? {}), ...optional]
      .filter((name) => !found(lock, place, name))
      .map((name) => `${name}, wanted by ${place || 'package.json'}`);
  });
}

/** Looks where Node would: in the package's own node_modules, then in those around it. */
function found(lock, place, name) {
  for (let folder = place; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/'))) {
    folder = folder.replace(/\/$/, '');
    if (lock[`${folder ? `${folder}/` : ''}node_modules/${name}`]?.version) return true;
    if (!folder) return false;
  }
}

test('the lock file holds every package that Linux on x86-64 needs', () => {
  expect(missingFrom(packages)).toEqual([]);
});

test('a missing package is noticed, an optional one of another system is not', () => {
  const lock = {
    '': { dependencies: { a: '1' } },
    'node_modules/a': {
      version: '1.0.0',
      dependencies: { b: '1', c: '1' },
      optionalDependencies: { '@a/linux-x64': '1', '@a/darwin-x64': '1' },
    },
    'node_modules/a/node_modules/b': { version: '1.0.0' },
    'node_modules/c': { optional: true },
  };
  expect(missingFrom(lock)).toEqual([
    'c, wanted by node_modules/a',
    '@a/linux-x64, wanted by node_modules/a',
  ]);
});

test('the lock file names no registry', () => {
  expect(Object.entries(packages).filter(([, entry]) => entry.resolved)).toEqual([]);
});

test('package.json and its lock file agree', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  expect(packages['']).toMatchObject({ dependencies, devDependencies });
});
