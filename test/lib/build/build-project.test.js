'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { buildProject, loadWorker, registerModules, unregisterModules, watchProject } = require('../../../lib/build');
const { resolveProject } = require('../../../lib/config');
const otherModules = require('../../../lib/workers/other-modules');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

const keys = [];
let number = 0;

afterEach(() => keys.splice(0).forEach(unregisterModules));
afterAll(removeProjects);

function project(files, config = {}) {
  const directory = makeProject({
    'wrangler.json': { name: 'app', main: 'index.ts', compatibility_date: '2026-08-25', ...config },
    ...files,
  });
  return resolveProject({ project: directory });
}

async function load(config, workers = {}) {
  const build = await buildProject(config);
  return loadAgain(build, workers);
}

function loadAgain(build, workers) {
  const key = `test-${process.pid}-${number++}`;
  registerModules(key, workers);
  keys.push(key);
  return loadWorker(build.entryFile, key);
}

/** Values of the main context, made comparable with those of Jest's. */
const plain = (value) => JSON.parse(JSON.stringify(value));

describe('modules', () => {
  test('S9.1.1 TypeScript as it is, with imports, JSON and packages', async () => {
    const config = project({
      'index.ts': `
        import { twice } from './lib/twice';
        import data from './data.json';
        import dep from 'dep';
        export enum Color { Red = 'red' }
        export default { value: twice(21) as number, data, dep };
      `,
      'lib/twice.ts': 'export const twice = (n: number): number => n * 2;',
      'data.json': { a: [1] },
      'node_modules/dep/package.json': { name: 'dep', main: 'index.js' },
      'node_modules/dep/index.js': "const { join } = require('path'); module.exports = join('a', 'b');",
    });
    const module = await load(config);
    expect(plain(module.default)).toEqual({ value: 42, data: { a: [1] }, dep: 'a/b' });
    expect(module.Color.Red).toBe('red');
  });

  test('S9.3.2 text, data and WebAssembly by the default rules', async () => {
    const wasm = Buffer.from('AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==', 'base64');
    const config = project({
      'index.ts': `
        import page from './page.html';
        import bytes from './x.bin';
        import one from './add.wasm';
        import two from './add.wasm?module';
        const run = (module) => new WebAssembly.Instance(module).exports.f();
        export default { page, bytes: [...new Uint8Array(bytes)], isBuffer: bytes instanceof ArrayBuffer, one: run(one), two: run(two) };
      `,
      'page.html': '<p>hi</p>',
      'x.bin': Buffer.from([0, 255, 7]),
      'add.wasm': wasm,
    });
    expect(plain((await load(config)).default)).toEqual({ page: '<p>hi</p>', bytes: [0, 255, 7], isBuffer: true, one: 42, two: 42 });
  });

  test('S8.2 rules of the project come first; without fallthrough the defaults of the type end', async () => {
    const files = { 'index.ts': "import text from './a.md'; export default text;", 'a.md': '# hi' };
    const rules = [{ type: 'Text', globs: ['**/*.md'] }];
    expect((await load(project(files, { rules }))).default).toBe('# hi');
    const html = { 'index.ts': "import text from './a.html'; export default text;", 'a.html': 'x' };
    await expect(load(project(html, { rules }))).rejects.toThrow(/No loader is configured for "\.html" files/);
  });

  test('S8.2 define and alias', async () => {
    const config = project(
      { 'index.ts': "import x from 'real'; export default [x, FLAG];", 'mock.ts': "export default 'mock';" },
      { define: { FLAG: '"on"' }, alias: { real: './mock.ts' } },
    );
    expect(plain((await load(config)).default)).toEqual(['mock', 'on']);
  });

  test('process.env.NODE_ENV is in the text: that of the process, or production', async () => {
    const config = project({
      'index.ts': 'export default [process.env.NODE_ENV, globalThis.process.env.NODE_ENV];',
    });
    for (const [processEnv, value] of [[{}, 'production'], [{ NODE_ENV: 'test' }, 'test']]) {
      const { entryFile } = await buildProject(config, { processEnv });
      expect(fs.readFileSync(entryFile, 'utf8')).toContain(`["${value}", "${value}"]`);
    }
  });

  test('Node modules are the real ones, with and without node:', async () => {
    const config = project({
      'index.ts': `
        import { AsyncLocalStorage } from 'node:async_hooks';
        import fs from 'fs';
        import { Buffer } from 'buffer';
        export default [typeof AsyncLocalStorage, typeof fs.readFileSync, Buffer.from('a').toString('hex')];
      `,
    });
    expect(plain((await load(config)).default)).toEqual(['function', 'function', '61']);
  });

  test('a module may await at its top level', async () => {
    const config = project({ 'index.ts': 'export default await Promise.resolve(3);' });
    expect((await load(config)).default).toBe(3);
  });

  test('the project may make a require of its own', async () => {
    const config = project({
      'index.ts': `import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        export default require('node:path').sep;`,
    });
    expect((await load(config)).default).toBe('/');
  });
});

describe('packages that Node loads itself', () => {
  const loader = 'module.exports = { file: __filename };';

  test.each([
    ['binding.gyp', { 'node_modules/native/binding.gyp': '{}' }, {}],
    ['a loader of addons', {}, { dependencies: { bindings: '1' } }],
    ['a package per platform', {}, { optionalDependencies: { '@native/linux-x64-gnu': '1' } }],
  ])('those with a compiled part: %s', async (_, files, manifest) => {
    const config = project({
      'index.ts': "import native from 'native'; export default native.file;",
      'node_modules/native/package.json': { name: 'native', main: 'main.js', ...manifest },
      'node_modules/native/main.js': loader,
      ...files,
    });
    expect((await load(config)).default).toBe(path.join(config.projectDir, 'node_modules/native/main.js'));
  });

  test('one that a bundled package requires from its own node_modules', async () => {
    const config = project({
      'index.ts': "import outer from 'outer'; export default outer;",
      'node_modules/outer/package.json': { name: 'outer', main: 'main.js' },
      'node_modules/outer/main.js': "module.exports = require('inner').file;",
      'node_modules/outer/node_modules/inner/package.json': { name: 'inner', main: 'main.js', gypfile: true },
      'node_modules/outer/node_modules/inner/main.js': loader,
    });
    expect((await load(config)).default).toBe(
      path.join(config.projectDir, 'node_modules/outer/node_modules/inner/main.js'),
    );
  });

  test('those that package.json lists', async () => {
    const config = project({
      'package.json': { holdfast: { external: ['@scope/listed'] } },
      'index.ts': "import { file } from '@scope/listed/sub.js'; export default file;",
      'node_modules/@scope/listed/package.json': { name: '@scope/listed' },
      'node_modules/@scope/listed/sub.js': 'exports.file = __filename;',
    });
    expect((await load(config)).default).toMatch(/node_modules\/@scope\/listed\/sub\.js$/);
  });

  test('an addon file is left to Node', async () => {
    const config = project({ 'index.ts': "import addon from './x.node'; export default addon;", 'x.node': 'not an addon' });
    await expect(load(config)).rejects.toThrow(/x\.node: (file too short|invalid ELF header)/);
  });
});

describe('cloudflare: modules', () => {
  const source = "import { DurableObject, env } from 'cloudflare:workers'; export class A extends DurableObject {}; export default env.NAME;";

  test('S7.9.1 exports come from the runtime that loads the bundle, env at the top level included', async () => {
    class First {}
    class Second {}
    const build = await buildProject(project({ 'index.ts': source }));
    const one = await loadAgain(build, { DurableObject: First, env: { NAME: 'one' } });
    const two = await loadAgain(build, { DurableObject: Second, env: { NAME: 'two' } });
    expect([one.default, two.default]).toEqual(['one', 'two']);
    expect(one.A.prototype).toBeInstanceOf(First);
    expect(two.A.prototype).toBeInstanceOf(Second);
  });

  test('an export the runtime does not have says so where it is used', async () => {
    await expect(load(project({ 'index.ts': source }), { DurableObject: class {} })).rejects.toThrow(
      'holdfast does not support env of cloudflare:workers yet.',
    );
  });

  test('an export that does not exist is an error of the build', async () => {
    const config = project({ 'index.ts': "import { Nonsense } from 'cloudflare:workers'; export default Nonsense;" });
    await expect(buildProject(config)).rejects.toThrow(/index\.ts:1:10: No matching export .* "Nonsense"/);
  });

  test('S9.3.1 an unknown module is an error of the build, with its place', async () => {
    const config = project({ 'index.ts': "\nimport x from 'cloudflare:nonsense'; export default x;" });
    await expect(buildProject(config)).rejects.toThrow(
      `${path.join(config.projectDir, 'index.ts')}:2:15: holdfast does not support the module "cloudflare:nonsense".`,
    );
  });

  test('S9.3 modules besides cloudflare:workers are the runtime\'s', async () => {
    const module = await load(
      project({
        'index.ts':
          "import { EmailMessage } from 'cloudflare:email'; import { connect } from 'cloudflare:sockets'; import { NonRetryableError } from 'cloudflare:workflows'; export default [EmailMessage, connect, NonRetryableError];",
      }),
      otherModules,
    );
    const [EmailMessage, connect, NonRetryableError] = module.default;
    expect({ ...new EmailMessage('a@b', 'c@d', 'raw') }).toEqual({ from: 'a@b', to: 'c@d', 'EmailMessage::raw': 'raw' });
    expect(new NonRetryableError('why')).toMatchObject({ name: 'NonRetryableError', message: 'why' });
    expect(connect).toEqual(expect.any(Function));
  });

  test('imported when needed, it fails when needed', async () => {
    const config = project({ 'index.ts': "export default () => import('cloudflare:nonsense');" });
    const module = await load(config);
    await expect(module.default()).rejects.toThrow('holdfast does not support the module "cloudflare:nonsense".');
  });
});

describe('errors', () => {
  test('a syntax error shows file, line, column and the code', async () => {
    const config = project({ 'index.ts': 'export default {\n  fetch( {\n};' });
    const error = await buildProject(config).catch((reason) => reason);
    expect(error.name).toBe('BuildError');
    expect(error.message).toMatch(new RegExp(`^${config.projectDir}/index\\.ts:3:2: .*\\n    \\};\\n     \\^`));
  });

  test('an import that does not exist', async () => {
    const config = project({ 'index.ts': "import './gone';" });
    await expect(buildProject(config)).rejects.toThrow('index.ts:1:8: Could not resolve "./gone"');
  });

  test('a package that is not installed: the advice is one that can be followed', async () => {
    const config = project({ 'index.ts': "import 'gone/part';" });
    const error = await buildProject(config).catch((reason) => reason);
    expect(error.message).toContain('Could not resolve "gone/part"');
    expect(error.message).toContain('Is it installed? "alias" in the configuration may name another module for "gone/part".');
    expect(error.message).not.toContain('external');
  });

  test('an entry module that does not exist is an error of the config', async () => {
    const config = project({});
    await expect(buildProject(config)).rejects.toMatchObject({ name: 'ConfigError', file: config.configPath });
  });

  test('stack traces point to the source', async () => {
    const config = project({ 'index.ts': '// one\n// two\nexport default (): Error => new Error("here");' });
    const { stack } = (await load(config)).default();
    expect(stack).toContain(`${config.projectDir}/index.ts:3:`);
  });
});

describe('output', () => {
  test('equal content is written once', async () => {
    const config = project({ 'index.ts': 'export default 1;' });
    const one = await buildProject(config);
    const two = await buildProject(config);
    expect(two.entryFile).toBe(one.entryFile);
    expect(path.relative(config.projectDir, one.entryFile)).toMatch(/^\.holdfast\/build\/[0-9a-f]{16}\/index\.mjs$/);
    expect(one).toMatchObject({ exports: ['default'], watchFiles: [path.join(config.projectDir, 'index.ts')], warnings: [] });
  });

  test('old builds are removed', async () => {
    const config = project({ 'index.ts': 'export default 1;' });
    const builds = path.join(config.projectDir, '.holdfast/build');
    for (let day = 1; day <= 20; day++) {
      const old = path.join(builds, `old-${day}`);
      fs.mkdirSync(old, { recursive: true });
      fs.utimesSync(old, new Date(2020, 0, day), new Date(2020, 0, day));
    }
    const { entryFile } = await buildProject(config);
    const left = fs.readdirSync(builds).filter((name) => !/^(\.gitignore$|kept-)/.test(name));
    expect(left).toHaveLength(16);
    expect(left).toContain(path.basename(path.dirname(entryFile)));
    expect(left).toContain('old-20');
    expect(left).not.toContain('old-5');
  });

  test('the custom build command runs first', async () => {
    const config = project({}, { main: 'out/index.js', build: { command: 'mkdir -p out && echo "export default 5" > out/index.js' } });
    expect((await load(config)).default).toBe(5);
  });

  test('the custom build command finds the programs of the installed packages', async () => {
    const config = project(
      { 'node_modules/.bin/make-worker': 'mkdir -p ../out && echo "export default 6" > ../out/index.js', 'web/a.txt': '' },
      { main: 'out/index.js', build: { command: 'make-worker', cwd: 'web' } },
    );
    fs.chmodSync(path.join(config.projectDir, 'node_modules/.bin/make-worker'), 0o755);
    expect((await load(config)).default).toBe(6);
  });

  test('a build command that fails is an error', async () => {
    const config = project({ 'index.ts': '' }, { build: { command: 'exit 3' } });
    await expect(buildProject(config)).rejects.toThrow('The build command failed (exit code 3): exit 3');
  });
});

test('watchProject builds again when a file changes, and reports errors', async () => {
  const config = project({ 'index.ts': "import x from './x'; export default x;", 'x.ts': 'export default 1;' });
  const seen = [];
  let wake = () => {};
  const next = async () => {
    while (!seen.length) await new Promise((resolve) => (wake = resolve));
    return seen.shift();
  };
  const watch = await watchProject(config, (build, error) => {
    seen.push({ build, error });
    wake();
  });
  try {
    const first = await next();
    expect((await loadAgain(first.build, {})).default).toBe(1);
    writeFiles(config.projectDir, { 'x.ts': 'export default {;' });
    expect((await next()).error.message).toMatch(/x\.ts:1:17/);
    writeFiles(config.projectDir, { 'x.ts': 'export default 22;' });
    expect((await loadAgain((await next()).build, {})).default).toBe(22);
  } finally {
    await watch.close();
  }
  expect(fs.existsSync(path.join(config.projectDir, '.holdfast/build'))).toBe(true);
});

test('S8.2 build.watch_dir: the custom build command runs again, and its errors are reported', async () => {
  const build = { command: 'sh make.sh', watch_dir: ['source', 'none'] };
  const config = project(
    {
      'source/value.txt': '1',
      'make.sh': 'test "$(cat source/value.txt)" != bad || exit 4\nmkdir -p out\necho "export default $(cat source/value.txt)" > out/index.js',
    },
    { main: 'out/index.js', build },
  );
  const seen = [];
  let wake = () => {};
  const next = async () => {
    while (!seen.length) await new Promise((resolve) => (wake = resolve));
    return seen.shift();
  };
  const watch = await watchProject(config, (done, error) => {
    seen.push({ done, error });
    wake();
  });
  try {
    expect((await loadAgain((await next()).done, {})).default).toBe(1);
    writeFiles(config.projectDir, { 'source/value.txt': '22' });
    expect((await loadAgain((await next()).done, {})).default).toBe(22);
    // Events of the command itself are past when the next change comes: it is written until it is seen.
    const failed = next();
    const again = setInterval(() => writeFiles(config.projectDir, { 'source/value.txt': 'bad' }), 100);
    expect((await failed).error.message).toContain('The build command failed (exit code 4)');
    clearInterval(again);
  } finally {
    await watch.close();
  }
});
