// Disks that fail on demand: small ones, read-only ones, ones that turn read-only under their user.
//
// Mounting takes a right that not every machine gives; what needs it is skipped there and says why.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { temporaryDirectory } = require('../support/server');

/** @type {Set<string>} */
const mounted = new Set();

/** Whatever a failing test left. */
function unmountAll() {
  for (const directory of mounted) spawnSync('umount', ['--lazy', directory]);
  mounted.clear();
}

/** @param {string[]} command @returns {string | undefined} why it failed */
function failureOf([program, ...args]) {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) return error.message;
  return status === 0 ? undefined : stderr.trim();
}

/** @param {string[]} command */
function run(command) {
  const why = failureOf(command);
  if (why !== undefined) throw new Error(`${command.join(' ')}: ${why}`);
}

/** A mounted file system. */
class Disk {
  #options;

  /** @param {string[]} mount what `mount` takes in front of the directory */
  constructor(mount) {
    this.#options = mount;
    this.directory = temporaryDirectory('disk');
    this.#mount();
  }

  #mount() {
    run(['mount', ...this.#options, this.directory]);
    mounted.add(this.directory);
  }

  /** In memory. @param {number} megabytes */
  static small(megabytes) {
    return new Disk(['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs']);
  }

  /** ext4 in a file. @param {number} megabytes */
  static ext4(megabytes) {
    const image = path.join(temporaryDirectory('image'), 'ext4');
    fs.writeFileSync(image, '');
    fs.truncateSync(image, megabytes * 1024 * 1024);
    run(['mkfs.ext4', '-q', '-F', image]);
    return new Disk(['-o', 'loop', image]);
  }

  get #filler() {
    return path.join(this.directory, 'filler');
  }

  /** Takes all space that is left. */
  fill() {
    const block = Buffer.alloc(64 * 1024);
    const file = fs.openSync(this.#filler, 'a');
    try {
      for (;;) fs.writeSync(file, block);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOSPC') throw error;
    } finally {
      fs.closeSync(file);
    }
  }

  /** Gives it back. */
  free() {
    fs.rmSync(this.#filler);
  }

  /** Nobody may have a file open for writing. */
  makeReadOnly() {
    run(['mount', '-o', 'remount,ro', this.directory]);
  }

  makeWritable() {
    run(['mount', '-o', 'remount,rw', this.directory]);
  }

  /** As ext4 does by itself when it finds an error: read-only at once, whoever writes. */
  abort() {
    run(['mount', '-o', 'remount,abort', this.directory]);
  }

  /** As after a repair. */
  mountAgain() {
    this.unmount();
    this.#mount();
  }

  unmount() {
    run(['umount', this.directory]);
    mounted.delete(this.directory);
  }
}

/** @param {() => void} attempt @returns {string | undefined} why it is not possible here */
function refusal(attempt) {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

module.exports = { Disk, failureOf, refusal, run, unmountAll };
