'use strict';
// The transform and the resolver of `holdfast/jest`, without Jest around them.

const path = require('node:path');
const transform = require('../../lib/jest/transform');
const resolve = require('../../lib/jest/resolver');
const { hoistMocks } = require('../../lib/jest/hoist');
const { compilerOptions, mappedPaths } = require('../../lib/jest/tsconfig');
const { makeProject, removeProjects } = require('../support/project-files');

afterAll(removeProjects);

const wrangler = JSON.stringify({
  name: 'w',
  main: 'index.js',
  compatibility_date: '2026-11-01',
  rules: [{ type: 'Text', globs: ['**/*.md'] }],
  alias: { replaced: './mine.js' },
});

/** @param {string} root @param {string} file @param {string} source */
const run = (root, file, source) =>
  transform.process(source, path.join(root, file), {
    config: { rootDir: root, testEnvironmentOptions: {} },
  });

test('only the names that occur are declared, in front of the first line', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  const { code } = run(root, 'a.js', 'export const now = () => Date.now();\n');
  expect(code.split('\n')[0]).toMatch(
    /^const holdfastScope = .*let \{ Date \} = .*\(\(\) => \{"use strict";$/,
  );
  expect(run(root, 'b.js', 'exports.a = 1;\n').code).not.toContain('holdfastScope');
});

test('the map is in the code, for debuggers; it is of the source', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  const source = 'interface A {}\n\nexport const now = (): number => Date.now();\n';
  const { code, map } = run(root, 'a.mts', source);
  const [, inline] = /base64,(\S+)$/.exec(code) ?? [];
  expect(JSON.parse(Buffer.from(inline, 'base64').toString())).toEqual(map);
  expect(map).toMatchObject({ sources: [path.join(root, 'a.mts')], sourcesContent: [source] });
  const { SourceMap } = require('node:module');
  const line = code.split('\n').findIndex((text) => text.includes('Date.now()'));
  expect(new SourceMap(map).findEntry(line, 4)).toMatchObject({ originalLine: 2 });
});

test('what is an ES module is strict; what is none stays as it is', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  expect(run(root, 'a.js', 'import "x";\nf();').code).toMatch(/^"use strict";\n/);
  expect(run(root, 'a.ts', 'export enum A { B }').code).toMatch(/^"use strict";\n/);
  expect(run(root, 'a.js', '// import x from y\nconst x = { import: 1 };').code).not.toContain(
    'use strict',
  );
  const sloppy = 'exports.import = function () { with ({}) {} };';
  expect(run(root, 'node_modules/p/a.js', sloppy).code).toBe(sloppy);
});

test('a module may have a name of its own that is a global', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  const source =
    'var crypto = require("x"); const fetch = 1; function Response() {} exports.all = [crypto, fetch, Response];';
  const { code } = run(root, 'node_modules/p/index.js', source);
  const exports = /** @type {any} */ ({});
  new Function('exports', 'require', 'process', code)(exports, () => 'mine', {
    [Symbol.for('holdfast.scope')]: { values: {}, link() {} },
  });
  expect(exports.all).toEqual(['mine', 1, expect.any(Function)]);
});

test('what rules make of files', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  expect(run(root, 'a.md', '# "x"').code).toContain(String.raw`exports.default = "# \"x\"";`);
  expect(run(root, 'a.json', '{}').code).toBe('{}');
  expect(run(root, 'node_modules/p/a.js', '#!/usr/bin/env node\nexports.a = 1;').code).toBe(
    '\nexports.a = 1;',
  );
});

test('mocks come before imports, and after what their factories need', () => {
  const root = makeProject({});
  const code = [
    'var helper = 1;',
    'var import_globals = require("@jest/globals");',
    'var import_a = __toESM(require("./a"));',
    'require("./side-effect");',
    'const answer = 42;',
    'const { computed } = import_a.default;',
    'import_globals.jest.mock("./a", () => answer);',
    'jest.unmock("./b").mock("./c");',
    'jest.fn();',
    'function f() { jest.mock("./d"); }',
  ].join('\n');
  const map = JSON.stringify({ version: 3, sources: ['x.ts'], names: [], mappings: 'AAAA' });
  const [hoisted] = hoistMocks(code, map, path.join(root, 'x.ts'), path.join(__dirname, '../..'));
  expect(hoisted.split('\n').filter((line) => line !== '')).toEqual([
    'var helper = 1;',
    'var import_globals = require("@jest/globals");',
    'const answer = 42;',
    'import_globals.jest.mock("./a", () => answer);',
    'jest.unmock("./b").mock("./c");',
    'var import_a = __toESM(require("./a"));',
    'require("./side-effect");',
    'const {',
    '  computed',
    '} = import_a.default;',
    'jest.fn();',
    'function f() {',
    '  jest.mock("./d");',
    '}',
  ]);
});

test('tsconfig.json: extends, paths', () => {
  const root = makeProject({
    'base/tsconfig.json':
      '{ "compilerOptions": { "experimentalDecorators": true, "paths": { "~/*": ["./src/*"] } } }',
    'tsconfig.json':
      '{ "extends": "./base/tsconfig.json", /* comment */ "compilerOptions": { "jsx": "react", "outDir": "x" }, }',
    'other/tsconfig.json':
      '{ "compilerOptions": { "baseUrl": "..", "paths": { "exact": ["a"], "lib/*/x": ["b/*"] } } }',
  });
  expect(compilerOptions(path.join(root, 'deep/file.ts'))).toEqual({
    experimentalDecorators: true,
    jsx: 'react',
  });
  expect(compilerOptions(path.join(root, 'node_modules/p/a.ts'))).toEqual({});
  expect(mappedPaths('~/a/b', root)).toEqual([path.join(root, 'base/src/a/b')]);
  expect(mappedPaths('exact', path.join(root, 'other'))).toEqual([path.join(root, 'a')]);
  expect(mappedPaths('lib/y/x', path.join(root, 'other'))).toEqual([path.join(root, 'b/y')]);
  expect(mappedPaths('react', root)).toEqual([]);
});

test('the resolver: alias, ?module, .js that means .ts', () => {
  const root = makeProject({ 'wrangler.json': wrangler });
  run(root, 'a.js', ''); // the options are known from now on
  const known = new Set(['./mine.js', './mine.js/deep', './a.wasm', './b.ts', './c.mts', 'pkg']);
  const defaultResolver = (/** @type {string} */ name) => {
    if (known.has(name)) return `found ${name}`;
    throw new Error(`no ${name}`);
  };
  const find = (/** @type {string} */ name) =>
    resolve(name, { rootDir: root, basedir: root, defaultResolver });
  expect(find('replaced')).toBe('found ./mine.js');
  expect(find('replaced/deep')).toBe('found ./mine.js/deep');
  expect(find('./a.wasm?module')).toBe('found ./a.wasm');
  expect(find('./b.js')).toBe('found ./b.ts');
  expect(find('./c.mjs')).toBe('found ./c.mts');
  expect(find('pkg')).toBe('found pkg');
  expect(() => find('./none.js')).toThrow('no ./none.js');
});
