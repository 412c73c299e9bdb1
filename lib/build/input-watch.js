// watchInputs: hears at once that a file of a bundle was written.
//
// esbuild finds changes by itself, but it looks only every 100 ms, which is most of the time from a save to the new code. The system tells
// at once, for the directories of the project's own sources. What it does not tell of, and what is in packages, esbuild finds.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Editors write a file in several steps. */
const SETTLE_MS = 10;

/**
 * @param {() => void} onChange called once for writes that follow each other closely
 * @returns {{follow(files: readonly string[]): void, close(): void}} follow() says which files count from now on, by absolute paths
 */
function watchInputs(onChange) {
  /** @type {Map<string, fs.FSWatcher>} by directory */
  const watchers = new Map();
  /** @type {Set<string>} */
  let inputs = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  /** @param {string} directory */
  const watch = (directory) => {
    const watcher = fs.watch(directory, (_, name) => {
      if (name === null || !inputs.has(path.join(directory, name))) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    });
    watcher.on('error', () => drop(directory)); // it is gone
    watchers.set(directory, watcher);
  };
  /** @param {string} directory */
  const drop = (directory) => {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  };

  return {
    follow(files) {
      inputs = new Set(files.filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`)));
      const directories = new Set([...inputs].map((file) => path.dirname(file)));
      for (const directory of watchers.keys()) if (!directories.has(directory)) drop(directory);
      for (const directory of directories) {
        if (watchers.has(directory)) continue;
        try {
          watch(directory);
        } catch {
          // Too many watches, or it is gone: esbuild looks.
        }
      }
    },
    close() {
      clearTimeout(timer);
      for (const directory of [...watchers.keys()]) drop(directory);
    },
  };
}

module.exports = { watchInputs };
