// CodeCache: the code that V8 made of a script, kept in the user's cache directory from one start to the next.
//
// One file for each content and place of the script, version of Node and set of its flags; V8 refuses code that was made under flags it minds.
// It appears complete or not at all, and has a checksum, for V8 does not look whether it was damaged. Nothing fails without it: where there is no such directory, or it cannot be
// written to, each start compiles. NODE_DISABLE_COMPILE_CACHE=1, which turns off Node's own cache of that kind, turns off this one.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** Those of other versions of Node or of this package. */
const kFilesMax = 8;
const kHashBytes = 20;

class CodeCache {
  #file;

  /** @param {string} name of the script's content and place @param {string} [directory] @param {NodeJS.ProcessEnv} [env] */
  constructor(name, directory = userDirectory(), env = process.env) {
    const { version, arch, execArgv } = process;
    const of = [name, version, arch, env.NODE_OPTIONS ?? '', ...execArgv];
    const isOff = directory === undefined || env.NODE_DISABLE_COMPILE_CACHE === '1';
    this.#file = isOff
      ? undefined
      : path.join(directory, `${hash(of.join('\n')).toString('hex')}.code`);
  }

  /** @returns {Buffer | undefined} */
  read() {
    if (this.#file === undefined) return undefined;
    try {
      const bytes = fs.readFileSync(this.#file);
      const data = bytes.subarray(kHashBytes);
      return bytes.subarray(0, kHashBytes).equals(hash(data)) ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /** @param {Buffer} data */
  write(data) {
    if (this.#file === undefined) return;
    const partial = `${this.#file}.${process.pid}.partial`;
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(partial, Buffer.concat([hash(data), data]), { mode: 0o600 });
      fs.renameSync(partial, this.#file);
      prune(path.dirname(this.#file));
    } catch {
      remove(partial);
    }
  }
}

/** @param {string} file that may not be there, nor its directory */
function remove(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // Then it was never written.
  }
}

/** @param {string | Uint8Array} content */
const hash = (content) => createHash('sha1').update(content).digest();

/** @returns {string | undefined} the user's own, so that nobody else chooses what is run */
function userDirectory() {
  const { XDG_CACHE_HOME } = process.env;
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME))
    return path.join(XDG_CACHE_HOME, 'holdfast');
  try {
    return path.join(os.homedir(), '.cache', 'holdfast');
  } catch {
    return undefined; // a user without an entry in the list of users
  }
}

/** @param {string} directory */
function prune(directory) {
  const files = fs
    .readdirSync(directory)
    .map((name) => path.join(directory, name))
    .map((file) => ({ file, time: fs.statSync(file).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { file } of files.slice(kFilesMax)) remove(file);
}

module.exports = { CodeCache };
