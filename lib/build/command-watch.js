// watchCommand: runs the custom build command again when something changes in `build.watch_dir`, as wrangler does.
//
// What the command writes is not a change: nothing is looked at while it runs, nor for a moment after, and never the entry module.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Editors write a file in several steps, and the system tells of a write a little later. */
const SETTLE_MS = 50;

/**
 * @param {object} options
 * @param {readonly string[]} options.directories those that do not exist are not watched
 * @param {string} options.main
 * @param {() => Promise<void>} options.run
 * @param {(error: Error) => void} options.onError `run` rejected
 * @returns {{close(): void}}
 */
function watchCommand({ directories, main, run, onError }) {
  let isBusy = false;
  let isClosed = false;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const runAgain = async () => {
    isBusy = true;
    try {
      await run();
    } catch (error) {
      if (!isClosed) onError(/** @type {Error} */ (error));
    }
    timer = setTimeout(() => {
      isBusy = false;
    }, SETTLE_MS);
  };
  const watchers = directories
    .filter((directory) => fs.existsSync(directory))
    .map((directory) =>
      fs.watch(directory, { recursive: true }, (_, name) => {
        if (isBusy || isClosed || !name || path.join(directory, name) === main) return;
        clearTimeout(timer);
        timer = setTimeout(runAgain, SETTLE_MS);
      }),
    );
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

module.exports = { watchCommand };
