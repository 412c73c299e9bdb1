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

const { isCurrent, stateOf } = createRequire(import.meta.url)('../bin/open-lib.js');

/** What bin/holdfast.js asks for. */
const entries = [
  'lib/cli/index.js',
  'lib/create-runtime.js',
  'lib/stored-migrations.js',
  'lib/native.js',
];
const parameters = 'exports, require, module, __filename, __dirname';

/** Does nothing when it is done already. @param {string} [root] of the package @param {readonly string[]} [ids] whose modules are packed, with all that they require */
export async function packLib(root = ownRoot, ids = entries) {
  const packed = path.join(root, 'packed');
  if (existsSync(path.join(packed, 'made-from.json')) && isCurrent(root)) return;
  const modules = modulesOf(root, ids);
  const states = [...modules.keys()].map((id) => [id, stateOf(path.join(root, id))]);
  const bodies = [];
  for (const [id, source] of modules) {
    // As they are: a tool that writes code anew renames a class here and there, and users see its name.
    const code = source.replace(/[\u0080-\uffff]/g, escaped);
    // Node 20 forgets how such a script imports when its code comes from a cache: Node shall load the module itself.
    if (/\bimport\(/.test(code.replace(/\/\*[^]*?\*\//g, ''))) continue;
    // In parentheses: V8 compiles at once what it would otherwise only look through and compile later.
    bodies.push(`${JSON.stringify(id)}: (function (${parameters}) {\n${code}}),\n`);
  }
  const text = `({\n${bodies.join('')}});\n`;
  const hash = createHash('sha256').update(text).digest('hex');
  mkdirSync(packed, { recursive: true });
  writeWhole(path.join(packed, 'lib.js'), `// ${hash}\n${text}`);
  writeWhole(path.join(packed, 'made-from.json'), JSON.stringify(Object.fromEntries(states)));
}

/** The file is read as Latin-1, which V8 holds in half the memory. @param {string} unit of UTF-16, in a string or a comment */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** @param {string} root @param {readonly string[]} ids @returns {Map<string, string>} sources by path from the root, with all that they require */
function modulesOf(root, ids) {
  /** @type {Map<string, string>} */
  const modules = new Map();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (modules.has(id)) continue;
    const file = path.join(root, id);
    const source = readFileSync(file, 'utf8');
    modules.set(id, source);
    const resolve = createRequire(file).resolve;
    for (const [, name] of source.matchAll(/\brequire\('(\.[^']*)'\)/g)) {
      const found = path.relative(root, resolve(name));
      if (found.endsWith('.js')) pending.push(found);
    }
  }
  return modules;
}

/** @param {string} file @param {string} text */
function writeWhole(file, text) {
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packLib();
