// watchAssets: says when something changes among a project's static assets.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Build tools write many files, one after the other; one reload is enough for all that happens in this time. */
const SETTLE_MS = 100;
/** Written by what watches, or never an asset. */
const IGNORED = /^(\.holdfast|\.wrangler|\.git|node_modules)(\/|$)/;

/**
 * A build tool may remove the directory and make it anew, so its parent is watched as well.
 * @param {string} directory
 * @param {() => void} onChange
 * @returns {{close(): void}}
 */
function watchAssets(directory, onChange) {
  /** @type {fs.FSWatcher | undefined} */
  let inner;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  };
  const watchInner = () => {
    inner?.close();
    inner = open(directory, { recursive: true }, (name) => {
      if (!IGNORED.test(name)) changed();
    });
  };
  const outer = open(path.dirname(directory), {}, (name) => {
    if (name !== path.basename(directory)) return;
    watchInner();
    changed();
  });
  watchInner();
  return {
    close() {
      clearTimeout(timer);
      inner?.close();
      outer?.close();
    },
  };
}

/**
 * @param {string} directory
 * @param {{recursive?: boolean}} options
 * @param {(name: string) => void} onEvent
 * @returns {fs.FSWatcher | undefined} undefined: there is no such directory
 */
function open(directory, options, onEvent) {
  if (!fs.existsSync(directory)) return undefined;
  const watcher = fs.watch(directory, options, (_, name) => onEvent(name ?? ''));
  watcher.on('error', () => {}); // a file that was gone before it was looked at
  return watcher;
}

module.exports = { watchAssets };
