// Where the servers keep their data, and what becomes of it when a run ends.
//
// Not deleted: for five minutes after many files have been deleted, ext4 looks at each of their inodes whenever a file is made
// (recently_deleted() in the kernel's fs/ext4/ialloc.c), and that was 85 % of the checkpointer's CPU time in a run which followed
// another one. So a run leaves empty files behind, and removes, at its end, those of runs long ago.
'use strict';

const { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } = require('node:fs');
const path = require('node:path');

const prefix = 'data-';
const keptMs = 24 * 3_600_000;

/** @param {string} out an existing directory @returns {string} a new and empty directory in it */
function makeDataDir(out) {
  return mkdtempSync(path.join(out, prefix));
}

/** Gives the disk's space back, for nobody writes there any more. @param {string} dataDir */
function emptyDataDir(dataDir) {
  for (const entry of readdirSync(dataDir, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) truncateSync(path.join(entry.parentPath ?? entry.path, entry.name));
}

/**
 * @param {string} out
 * @param {number} [now] milliseconds since 1970
 * @returns {string[]} the data directories that were removed: those made more than a day before
 */
function removeOldDataDirs(out, now = Date.now()) {
  const old = readdirSync(out)
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(out, name))
    .filter((dir) => now - statSync(dir).mtimeMs > keptMs);
  for (const dir of old) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  return old;
}

module.exports = { emptyDataDir, makeDataDir, removeOldDataDirs };
