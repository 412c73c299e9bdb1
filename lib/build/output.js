// Where bundles are written: `<projectDir>/.holdfast/build/<hash>/`, one directory per content.
//
// Equal content is written once and shared; a file appears complete or not at all, as another process may be loading it.
// Only the newest are kept.
// A project directory that cannot be written to gets a fresh directory among the system's temporary files.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** More are kept than are ever between being built and being loaded at one time. */
const BUILDS_KEPT_MAX = 16;

/**
 * @param {string} projectDir
 * @returns {string} an existing directory for builds
 */
function buildDirectory(projectDir) {
  const directory = path.join(projectDir, '.holdfast', 'build');
  try {
    fs.mkdirSync(directory, { recursive: true });
    fs.accessSync(directory, fs.constants.W_OK);
    fs.writeFileSync(path.join(directory, '.gitignore'), '*\n');
    return directory;
  } catch {
    return fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-build-'));
  }
}

/**
 * @param {string} directory from buildDirectory()
 * @param {ReadonlyMap<string, Uint8Array | string>} files contents by path
 * @returns {string} the directory that now has them
 */
function writeOutput(directory, files) {
  const hash = createHash('sha256');
  for (const [file, contents] of files) hash.update(file).update('\0').update(contents);
  const target = path.join(directory, hash.digest('hex').slice(0, 16));
  fs.mkdirSync(target, { recursive: true });
  for (const [file, contents] of files) {
    const destination = path.join(target, file);
    if (fs.existsSync(destination)) continue;
    fs.mkdirSync(path.dirname(destination), { recursive: true });
    const temporary = `${destination}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, contents);
    fs.renameSync(temporary, destination);
  }
  prune(directory, target);
  return target;
}

/** It is among the newest again. @param {string} build a directory */
function markUsed(build) {
  const now = new Date();
  fs.utimesSync(build, now, now);
}

/**
 * A bundle is read when it is loaded and not after that, so old ones may go.
 * @param {string} directory
 * @param {string} current
 */
function prune(directory, current) {
  markUsed(current);
  const builds = fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, time: fs.statSync(path.join(directory, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { name } of builds.slice(BUILDS_KEPT_MAX)) {
    fs.rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}

module.exports = { buildDirectory, markUsed, writeOutput };
