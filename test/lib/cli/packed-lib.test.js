'use strict';

// packed/lib.js: what a start of the published package loads in place of the files of lib/ (docs/decisions/0020-fast-start.md).
// In processes of their own, as Jest has another registry of modules.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const root = path.resolve(__dirname, '../../..');

/** @type {string} */
let folder;
/** Of the package: a module with state, one that requires it, and one that imports. */
const files = {
  'lib/state.js': "'use strict';\nmodule.exports = { count: 0, file: __filename };\n",
  'lib/main.js':
    "'use strict';\n// ünïcode\nconst state = require('./state');\nconst { load } = require('./inner');\n" +
    "exports.next = () => (state.count += 1);\nexports.load = load;\nexports.where = () => new Error().stack;\nexports.state = state;\nexports.text = 'ü';\n",
  'lib/inner/index.js':
    "'use strict';\nconst state = require('../state');\n" +
    'exports.load = async (url) => [(await import(url)).default, state];\n',
  'lib/comments.js': String.raw`'use strict';
/** gone import('gone') */
exports.texts = ['// stays', "/* stays */", ${'`'}// stays ${'$'}{1 /* gone */ + 1}

    /* stays */${'`'}, /\/\*[^/]*"\//.source, 4 / 2 /* gone */ / 1];
exports.found = () => {
  return /* gone
  */ 'never';
};
exports.named = (class Named /* gone */ {}).name // gone
`,
};

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-packed-'));
  fs.mkdirSync(path.join(folder, 'lib/inner'), { recursive: true });
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
  const script = pathToFileURL(path.join(root, 'scripts/pack-lib.mjs')).href;
  run(`
    import { packLib } from ${JSON.stringify(script)};
    await packLib(${JSON.stringify(folder)}, ['lib/main.js']);
  `);
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** @param {string} code of a module @param {string[]} [more] arguments @returns {any} what it prints as JSON */
function run(code, more = []) {
  const args = ['--input-type=module', '-e', code, ...more];
  const out = execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  return out === '' ? undefined : JSON.parse(out);
}

/** @param {string} code with `lib`, `require`, `at(file)` and `print(value)` @param {string} [cacheDir] @param {string[]} [more] arguments */
function open(code, cacheDir = path.join(folder, 'cache'), more = []) {
  return run(
    `
    import { createRequire } from 'node:module';
    const require = createRequire(${JSON.stringify(path.join(folder, 'x.js'))});
    const { openLib } = require(${JSON.stringify(path.join(root, 'bin/open-lib.js'))});
    const at = (file) => ${JSON.stringify(folder)} + '/' + file;
    const print = (value) => console.log(JSON.stringify(value));
    const open = () => openLib(${JSON.stringify(folder)}, ${JSON.stringify(cacheDir)});
    ${code}
  `,
    more,
  );
}

test('whoever loads a file of lib/ besides gets the module that the packed one is', () => {
  const code = `
    const lib = open();
    const main = lib.require('lib/main.js');
    main.next();
    const { default: imported } = await import(at('lib/main.js'));
    print([lib.isPacked, main === require(at('lib/main.js')), imported === main, require(at('lib/state.js')).count, main.text, main.state.file]);
  `;
  expect(open(code)).toEqual([true, true, true, 1, 'ü', path.join(folder, 'lib/state.js')]);
});

test('a packed module is the same but for its comments', () => {
  fs.rmSync(path.join(folder, 'packed'), { recursive: true });
  const script = pathToFileURL(path.join(root, 'scripts/pack-lib.mjs')).href;
  run(`
    import { packLib } from ${JSON.stringify(script)};
    await packLib(${JSON.stringify(folder)}, ['lib/comments.js']);
  `);
  const text = fs.readFileSync(path.join(folder, 'packed/lib.js'), 'utf8');
  expect(text).toContain('lib/comments.js');
  expect(text).not.toContain('gone');
  const value = 'module => [module.texts, module.found() ?? null, module.named]';
  const packed = open(`print((${value})(open().require('lib/comments.js')))`);
  expect(packed).toEqual(open(`print((${value})(require(at('lib/comments.js'))))`));
  const template = '// stays 2\n\n    /* stays */';
  expect(packed).toEqual([
    ['// stays', '/* stays */', template, String.raw`\/\*[^/]*"\/`, 2],
    null,
    'Named',
  ]);
});

test('what was loaded before is taken over', () => {
  const code = `
    const before = require(at('lib/state.js'));
    const lib = open();
    print([lib.isPacked, lib.require('lib/main.js').state === before]);
  `;
  expect(open(code)).toEqual([true, true]);
});

test('a module that imports is loaded by Node, and shares the others, also with code from the cache', () => {
  const code = `
    const lib = open();
    const main = lib.require('lib/main.js');
    const [module, state] = await main.load('data:text/javascript,export default 7');
    lib.keepCode();
    print([lib.isPacked, module, state === main.state]);
  `;
  expect(open(code)).toEqual([true, 7, true]);
  expect(open(code)).toEqual([true, 7, true]);
});

test('a changed file of lib/ is never hidden by the packed one', () => {
  fs.writeFileSync(path.join(folder, 'lib/state.js'), "'use strict';\nexports.count = 41;\n");
  const code = `
    const lib = open();
    print([lib.isPacked, lib.require('lib/main.js').next()]);
  `;
  expect(open(code)).toEqual([false, 42]);
  fs.rmSync(path.join(folder, 'packed/made-from.json')); // as it is published
  expect(open(code)).toEqual([true, 1]);
});

describe('the code that V8 made', () => {
  const code = `
    const lib = open();
    const next = lib.require('lib/main.js').next();
    lib.keepCode();
    print(next);
  `;
  const cached = () => {
    const directory = path.join(folder, 'cache');
    return fs.readdirSync(directory).map((name) => path.join(directory, name));
  };

  test('is kept in one file, which the next start uses', () => {
    expect(open(code)).toBe(1);
    const [file, ...others] = cached();
    expect(others).toEqual([]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const { ino } = fs.statSync(file);
    expect(open(code)).toBe(1);
    expect(fs.statSync(file).ino).toBe(ino);
  });

  test.each(['cut short', 'changed'])('and is made anew when it was %s', (how) => {
    open(code);
    const [file] = cached();
    const bytes = fs.readFileSync(file);
    if (how === 'changed') bytes[bytes.length >> 1] ^= 0xff;
    fs.writeFileSync(file, how === 'changed' ? bytes : bytes.subarray(0, bytes.length >> 1));
    const { ino } = fs.statSync(file);
    expect(open(code)).toBe(1);
    expect(fs.statSync(file).ino).not.toBe(ino);
  });

  test('is not that of another copy of the package: stack traces name this one', () => {
    const copy = `${folder}-copy`;
    fs.cpSync(folder, copy, { recursive: true });
    fs.rmSync(path.join(copy, 'packed/made-from.json')); // as it is published
    // The text of the program is part of what code is kept for, so both have the same.
    const traced = `
      const [root] = process.argv.slice(1);
      const lib = openLib(root, ${JSON.stringify(path.join(folder, 'cache'))});
      print(lib.require('lib/main.js').where());
      lib.keepCode();
    `;
    try {
      expect(open(traced, undefined, [folder])).toContain(path.join(folder, 'packed/lib.js'));
      expect(open(traced, undefined, [copy])).toContain(path.join(copy, 'packed/lib.js'));
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  });

  test('is not needed: a directory that cannot be had changes nothing', () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    expect(open(code, path.join(folder, 'file/below'))).toBe(1);
  });
});
