'use strict';

// A start takes the bundle of an earlier one when everything that decided what is in it is the same, and never otherwise.

jest.mock('esbuild', () => {
  const actual = jest.requireActual('esbuild');
  return { ...actual, build: jest.fn(actual.build) };
});

const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { buildProject } = require('../../../lib/build');
const { resolveProject } = require('../../../lib/config');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

/** A minute ago: what was written just before a build is not kept. */
const before = new Date(Date.now() - 60_000);
const build = /** @type {jest.Mock} */ (/** @type {unknown} */ (esbuild.build));

afterEach(() => build.mockClear());
afterAll(async () => {
  await esbuild.stop();
  removeProjects();
});

/** @param {Record<string, string | object>} files @param {object} [config] */
function project(files, config = {}) {
  const directory = makeProject({
    'app/wrangler.json': {
      name: 'app',
      main: 'src/index.js',
      compatibility_date: '2026-08-25',
      ...config,
    },
    'app/src/index.js': "import text from './part'; export default { text };",
    'app/src/part.js': "export default 'first';",
    ...files,
  });
  settle();
  return path.join(directory, 'app');
}

/** Times of all files and directories cannot be set back (that of a change of the inode), so the clock is set forward. */
function settle() {
  const ahead = Date.now() + 60_000;
  now = jest.spyOn(Date, 'now').mockImplementation(() => ahead);
}
/** @type {jest.SpyInstance | undefined} */
let now;
afterEach(() => now?.mockRestore());

/** @param {string} directory @param {object} [options] */
async function built(directory, options = {}) {
  const calls = build.mock.calls.length;
  const result = await buildProject(resolveProject({ project: directory, ...options }));
  const code = fs.readFileSync(result.entryFile, 'utf8');
  return { result, code, isNew: build.mock.calls.length > calls };
}

test('the same project is not bundled again, wherever its times come from', async () => {
  const directory = project({});
  const first = await built(directory);
  expect(first.isNew).toBe(true);
  for (const file of ['src/index.js', 'src/part.js', 'wrangler.json'])
    fs.utimesSync(path.join(directory, file), before, before);
  const second = await built(directory);
  expect(second).toEqual({ ...first, isNew: false });
});

/** @type {[string, Record<string, string | object>, (directory: string) => void, string][]} */
const changes = [
  [
    'a source of the same size and time',
    {},
    (directory) => {
      const file = path.join(directory, 'src/part.js');
      const { atime, mtime } = fs.statSync(file);
      fs.writeFileSync(file, "export default 'other';");
      fs.utimesSync(file, atime, mtime);
    },
    'other',
  ],
  [
    'a file that is found before the one that was found',
    {},
    (directory) => writeFiles(directory, { 'src/part.ts': "export default 'typed';" }),
    'typed',
  ],
  [
    'a file in place of a directory',
    { 'app/src/part.js': "export * from './deep'; export { default } from './deep';", 'app/src/deep/index.js': "export default 'deep';" },
    (directory) => writeFiles(directory, { 'src/deep.js': "export default 'flat';" }),
    'flat',
  ],
  [
    'a nearer package',
    {
      'app/src/part.js': "export { default } from 'dep';",
      'node_modules/dep/index.js': "export default 'far';",
    },
    (directory) => writeFiles(directory, { 'node_modules/dep/index.js': "export default 'near';" }),
    'near',
  ],
  [
    'a nearer package of a scope that is there',
    {
      'app/src/part.js': "export { default } from '@of/dep';",
      'node_modules/@of/dep/index.js': "export default 'far';",
      'app/node_modules/@of/other/index.js': '',
    },
    (directory) => writeFiles(directory, { 'node_modules/@of/dep/index.js': "export default 'near';" }),
    'near',
  ],
  [
    'what a package says its code is',
    {
      'app/src/part.js': "export { default } from 'dep';",
      'node_modules/dep/package.json': { name: 'dep', main: 'one.js' },
      'node_modules/dep/one.js': "export default 'one';",
      'node_modules/dep/two.js': "export default 'two';",
    },
    (directory) =>
      writeFiles(directory, { '../node_modules/dep/package.json': { name: 'dep', main: 'two.js' } }),
    'two',
  ],
  [
    'where a link to a package leads',
    {
      'app/src/part.js': "export { default } from 'dep';",
      'one/index.js': "export default 'one';",
      'two/index.js': "export default 'two';",
      'app/node_modules/x/index.js': '',
    },
    (directory) => {
      fs.rmSync(path.join(directory, 'node_modules/dep'));
      fs.symlinkSync('../../two', path.join(directory, 'node_modules/dep'));
    },
    'two',
  ],
  [
    'how sources are compiled',
    { 'app/src/index.js': "import './part'; export default { text: String(<p />) };" },
    (directory) =>
      writeFiles(directory, { 'tsconfig.json': { compilerOptions: { jsxFactory: 'make' } } }),
    'make("p"',
  ],
  [
    'what the bundler is told',
    { 'app/src/part.js': 'export default TEXT;' },
    (directory) =>
      writeFiles(directory, {
        'wrangler.json': {
          name: 'app',
          main: 'src/index.js',
          compatibility_date: '2026-08-25',
          define: { TEXT: '"defined"' },
        },
      }),
    'defined',
  ],
  [
    'the bundle itself, which is gone',
    {},
    (directory) => {
      for (const name of fs.readdirSync(path.join(directory, '.holdfast/build')))
        if (!name.startsWith('kept')) fs.rmSync(path.join(directory, '.holdfast/build', name), { recursive: true });
    },
    'first',
  ],
  [
    'what was kept, which is damaged',
    {},
    (directory) => {
      const builds = path.join(directory, '.holdfast/build');
      const [name] = fs.readdirSync(builds).filter((one) => one.startsWith('kept'));
      fs.truncateSync(path.join(builds, name), 10);
    },
    'first',
  ],
];

test.each(changes)('it is when something else is there: %s', async (_, files, change, expected) => {
  const directory = project(files);
  if (fs.existsSync(path.join(directory, '../one')))
    fs.symlinkSync('../../one', path.join(directory, 'node_modules/dep'));
  await built(directory);
  expect((await built(directory)).isNew).toBe(false);
  change(directory);
  const { code, isNew } = await built(directory);
  expect(isNew).toBe(true);
  expect(code).toContain(expected);
});

/** @type {[string, Record<string, string | object>, object][]} */
const unkept = [
  ['names with another meaning (alias)', {}, { alias: { dep: './src/part.js' } }],
  ['modules that no import names', {}, { find_additional_modules: true, rules: [] }],
  ['paths of a tsconfig.json', { 'app/tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } } }, {}],
  ['a tsconfig.json that extends another', { 'app/tsconfig.json': { extends: './base.json' }, 'app/base.json': {} }, {}],
  [
    'a package that Node loads',
    {
      'app/package.json': { holdfast: { external: ['dep'] } },
      'app/src/part.js': "export { default } from 'dep';",
      'app/node_modules/dep/index.js': 'module.exports = 1;',
      'app/node_modules/dep/package.json': { name: 'dep' },
    },
    {},
  ],
];

test.each(unkept)('a build is not kept when it depends on %s', async (_, files, config) => {
  const directory = project(files, config);
  await built(directory);
  expect((await built(directory)).isNew).toBe(true);
});

test('a start does without what it cannot keep', async () => {
  const directory = project({});
  await built(directory);
  const builds = path.join(directory, '.holdfast/build');
  const [name] = fs.readdirSync(builds).filter((one) => one.startsWith('kept'));
  fs.rmSync(path.join(builds, name));
  fs.mkdirSync(path.join(builds, name));
  expect((await built(directory)).isNew).toBe(true);
  expect((await built(directory)).isNew).toBe(true);
});

test('a build during which a source was written is not kept', async () => {
  const directory = project({});
  now?.mockRestore();
  await built(directory);
  expect((await built(directory)).isNew).toBe(true);
});
