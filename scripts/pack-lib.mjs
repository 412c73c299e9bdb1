// Puts the modules of lib/ that the command line uses into one file, packed/lib.js (docs/decisions/0020-fast-start.md), which
// bin/open-lib.js reads. setup.mjs does it after each build, `npm pack` before it packs, `node scripts/pack-lib.mjs` by hand.
//
// packed/made-from.json, which is not published, says what it was made from: the file is not used when lib/ is another.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root as ownRoot } from './run.mjs';
import { withoutComments } from './without-comments.mjs';

const { isCurrent, stateOf } = createRequire(import.meta.url)('../bin/open-lib.js');

/** What bin/holdfast.js asks for. */
const entries = [
  'lib/cli/index.js',
  'lib/create-runtime.js',
  'lib/stored-migrations.js',
  'lib/native.js',
];
const parameters = 'exports, require, module, __filename, __dirname';

/** What decides, besides lib/, what is in the packed file. */
const packers = ['scripts/pack-lib.mjs', 'scripts/without-comments.mjs'];
const kRequire = /\brequire\('(\.[^']*)'\)/g;

/**
 * @typedef {object} Packed
 * @property {string} code without comments
 * @property {Map<string, string>} required the modules of the package that it requires: their paths from the root, by the names it has for them
 */

/** Does nothing when it is done already. @param {string} [root] of the package @param {readonly string[]} [ids] whose modules are packed, with all that they require */
export async function packLib(root = ownRoot, ids = entries) {
  const packed = path.join(root, 'packed');
  if (existsSync(path.join(packed, 'made-from.json')) && isCurrent(root)) return;
  const modules = modulesOf(root, ids);
  const states = [...modules.keys(), ...packers].map((id) => [id, stateOf(path.join(root, id))]);
  const bodies = [];
  for (const [id, module] of modules) {
    if (isLeftToNode(module)) continue;
    const code = withOwnNames(module, modules).replace(/[\u0080-\uffff]/g, escaped);
    // In parentheses: V8 compiles at once what it would otherwise only look through and compile later.
    bodies.push(`${JSON.stringify(id)}: (function (${parameters}) {\n${code}\n}),\n`);
  }
  const text = `({\n${bodies.join('')}});\n`;
  const hash = createHash('sha256').update(text).digest('hex');
  mkdirSync(packed, { recursive: true });
  writeWhole(path.join(packed, 'lib.js'), `// ${hash}\n${text}`);
  writeWhole(path.join(packed, 'made-from.json'), JSON.stringify(Object.fromEntries(states)));
}

/** Node 20 forgets how a script imports when its code comes from a cache. @param {Packed} module */
const isLeftToNode = ({ code }) => /\bimport\(/.test(code);

/**
 * The code, with the names by which the packed file has the modules in place of relative ones: a start requires a thousand times, and
 * putting paths together is most of what that costs.
 * @param {Packed} module
 * @param {Map<string, Packed>} modules
 */
function withOwnNames({ code, required }, modules) {
  return code.replace(kRequire, (call, name) => {
    const id = required.get(name);
    const module = id === undefined ? undefined : modules.get(id);
    return module === undefined || isLeftToNode(module) ? call : `require('${id}')`;
  });
}

/** The file is read as Latin-1, which V8 holds in half the memory. @param {string} unit of UTF-16, in a string or a comment */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @param {string} root @param {readonly string[]} ids @returns {Map<string, Packed>} by path from the root, with all that they require */
function modulesOf(root, ids) {
  /** @type {Map<string, Packed>} */
  const modules = new Map();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (modules.has(id)) continue;
    const file = path.join(root, id);
    // Every start reads all of it, and comments would be a third of that.
    const code = withoutComments(readFileSync(file, 'utf8'));
    const resolve = createRequire(file).resolve;
    /** @type {Map<string, string>} */
    const required = new Map();
    for (const [, name] of code.matchAll(kRequire)) {
      const found = path.relative(root, resolve(name));
      if (found.endsWith('.js')) required.set(name, found);
    }
    modules.set(id, { code, required });
    pending.push(...required.values());
  }
  return modules;
}

/** @param {string} file @param {string} text */
function writeWhole(file, text) {
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packLib();
