// openLib: the modules of lib/, from one file where there is one that has them (docs/decisions/0020-fast-start.md).
//
// A start spends most of its time on finding, reading and compiling some 280 small files. The published package has them in one,
// packed/lib.js, too: an object of functions by path, each the body of a module. The command line takes lib/ from there.
//
// The happy path: packed/lib.js is compiled, with the code that V8 made of it at an earlier start (code-cache.js); a module runs when
// it is first required, and is put among the modules of Node under the name of its own file. So whoever else in the process requires
// or imports that file gets the same module, and the other way round: there are never two.
// The ways it does not happen: there is no such file, or in a checkout lib/ is no longer what it was made from. Then Node loads the files of lib/ themselves. A module that was not packed is loaded by Node, too.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { CodeCache } = require('./code-cache');

/** @typedef {(exports: object, require: (name: string) => unknown, module: NodeModule, filename: string, dirname: string) => void} Body */

/**
 * @typedef {object} Lib
 * @property {boolean} isPacked
 * @property {(id: string) => any} require by the path from the root, such as `lib/create-runtime.js`
 * @property {() => void} keepCode The code of what ran until now makes the next start faster.
 */

/**
 * @param {string} root of the package
 * @param {string} [cacheDir] instead of the user's
 * @returns {Lib}
 */
function openLib(root, cacheDir) {
  const packed = path.join(root, 'packed');
  const source = isCurrent(root, packed)
    ? readText(path.join(packed, 'lib.js'), 'latin1')
    : undefined;
  if (source === undefined) {
    return {
      isPacked: false,
      require: (id) => require(path.join(root, id)),
      keepCode: () => {},
    };
  }
  const filename = path.join(packed, 'lib.js');
  // Stack traces take the name from that code: it must not be of another copy of the package.
  const cache = new CodeCache(`${source.slice(0, source.indexOf('\n'))}\n${filename}`, cacheDir);
  const cachedData = cache.read();
  const script = new vm.Script(source, { filename, cachedData });
  let isKnown = cachedData !== undefined && !script.cachedDataRejected;
  return {
    isPacked: true,
    require: requirer(root, script.runInThisContext()),
    keepCode: () => {
      if (!isKnown) cache.write(script.createCachedData());
      isKnown = true;
    },
  };
}

/**
 * The packed modules name each other by their paths from the root; other names are Node's to find.
 * @param {string} root
 * @param {Record<string, Body>} bodies
 * @returns {(id: string) => any}
 */
function requirer(root, bodies) {
  /** @type {Map<string, NodeModule>} */
  const modules = new Map();
  /** @param {string} id */
  const load = (id) => {
    const own = modules.get(id);
    if (own) return own.exports;
    const filename = `${root}/${id}`;
    const known = require.cache[filename];
    if (known) return known.exports;
    const module = new Module(filename);
    module.filename = filename;
    require.cache[filename] = module;
    modules.set(id, module);
    const directory = filename.slice(0, filename.lastIndexOf('/'));
    const requireFrom = (/** @type {string} */ name) => {
      if (name in bodies) return load(name);
      return require(name.startsWith('.') ? path.join(directory, name) : name);
    };
    try {
      bodies[id].call(module.exports, module.exports, requireFrom, module, filename, directory);
      module.loaded = true;
    } finally {
      if (!module.loaded) {
        delete require.cache[filename];
        modules.delete(id);
      }
    }
    return module.exports;
  };
  return (id) => (id in bodies ? load(id) : require(path.join(root, id)));
}

/**
 * What a checkout packs says what it was made from; a published package does not, as there nothing changes.
 * @param {string} root
 * @param {string} [packed]
 */
function isCurrent(root, packed = path.join(root, 'packed')) {
  const text = readText(path.join(packed, 'made-from.json'));
  if (text === undefined) return true;
  /** @type {Record<string, string>} */
  const madeFrom = JSON.parse(text);
  return Object.entries(madeFrom).every(([id, then]) => then === stateOf(path.join(root, id)));
}

/** @param {string} file @returns {string | undefined} which content it has, as far as that can be told without reading it */
function stateOf(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.size} ${stat.mtimeMs}`;
}

/** @param {string} file @param {'utf8' | 'latin1'} [encoding] @returns {string | undefined} */
function readText(file, encoding = 'utf8') {
  try {
    return fs.readFileSync(file, encoding);
  } catch {
    return undefined;
  }
}

module.exports = { isCurrent, openLib, stateOf };
