// Projects as they are: what build tools leave, monorepos, modules found at run time, other syntax.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const {
  buildProject,
  loadWorker,
  registerModules,
  unregisterModules,
} = require('../../../lib/build');
const { resolveProject } = require('../../../lib/config');
const { makeProject, removeProjects } = require('../../support/project-files');

const WRANGLER = path.join(__dirname, '../../../node_modules/wrangler/wrangler-dist/cli.js');
const WASM = Buffer.from('AGFzbQEAAAABBQFgAAF/AwIBAAcFAQFmAAAKBgEEAEEqCw==', 'base64');
const CONFIG = { name: 'app', main: 'src/index.ts', compatibility_date: '2026-08-25' };

const keys = [];

afterEach(() => keys.splice(0).forEach(unregisterModules));
afterAll(removeProjects);

/** @param {object} options of resolveProject @param {object} [workers] exports of `cloudflare:workers` */
async function load(options, workers = {}) {
  const build = await buildProject(resolveProject({ processEnv: {}, ...options }));
  const key = `shapes-${process.pid}-${keys.length}-${Date.now()}`;
  registerModules(key, workers);
  keys.push(key);
  return loadWorker(build.entryFile, key);
}

/** Values of the main context, made comparable with those of Jest's. */
const plain = (value) => JSON.parse(JSON.stringify(value));

describe('modules that are found at run time', () => {
  const files = {
    'src/index.ts': `
      const name = (kind: string) => kind;
      export default {
        seen: async (lang: string) => [(await import(\`./lang/\${lang}.mjs\`)).default, (await import('./lang/' + lang + '.txt')).default],
        unseen: async (file: string) => (await import(name(file))).default,
      };`,
    'src/lang/en.mjs': "import { upper } from '../upper.js'; export default upper('hello');",
    'src/lang/en.txt': 'Hello',
    'src/upper.js': "export const upper = (text) => text.toUpperCase(); export default 'upper';",
  };

  test('S8.2 by a pattern that the bundler sees', async () => {
    const { default: worker } = await load({ project: makeProject({ 'wrangler.json': CONFIG, ...files }) });
    expect(plain(await worker.seen('en'))).toEqual(['HELLO', 'Hello']);
    await expect(worker.seen('fr')).rejects.toThrow('Module not found in bundle');
  });

  test('S8.2 find_additional_modules: by any name', async () => {
    const rules = [{ type: 'ESModule', globs: ['**/*.mjs', '**/*.js'] }];
    const config = { ...CONFIG, find_additional_modules: true, rules };
    const { default: worker } = await load({ project: makeProject({ 'wrangler.json': config, ...files }) });
    expect(await worker.unseen('./lang/en.mjs')).toBe('HELLO');
    expect(await worker.unseen('./upper.js')).toBe('upper');
    await expect(worker.unseen('./lang/fr.mjs')).rejects.toThrow('Cannot find module');
  });

  test('S8.2 base_dir is where they are looked for', async () => {
    const rules = [{ type: 'ESModule', globs: ['*.mjs'] }];
    const config = { ...CONFIG, find_additional_modules: true, base_dir: 'src/lang', rules };
    const { default: worker } = await load({ project: makeProject({ 'wrangler.json': config, ...files }) });
    expect(await worker.unseen('./en.mjs')).toBe('HELLO');
    await expect(worker.unseen('./lang/en.mjs')).rejects.toThrow('Cannot find module');
  });
});

describe('what build tools leave', () => {
  test('wrangler deploy --dry-run --outdir', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, vars: { FROM: 'config' } },
      'src/index.ts': `
        import { DurableObject } from 'cloudflare:workers';
        import text from './query.sql';
        import wasm from './add.wasm';
        export class Room extends DurableObject {}
        export default { text, sum: () => new WebAssembly.Instance(wasm).exports.f() };`,
      'src/query.sql': 'SELECT 1',
      'src/add.wasm': WASM,
    });
    const args = ['deploy', '--dry-run', '--outdir', 'dist'];
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' };
    const { status, stderr } = spawnSync(process.execPath, [WRANGLER, ...args], { cwd: directory, env, encoding: 'utf8' });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    // The source is not needed any more.
    fs.rmSync(path.join(directory, 'src'), { recursive: true });
    const project = path.join(directory, 'dist');
    expect(resolveProject({ project, processEnv: {} })).toMatchObject({
      main: path.join(project, 'index.js'),
      vars: { FROM: 'config' },
    });
    class DurableObject {}
    const { default: worker, Room } = await load({ project }, { DurableObject });
    expect(Object.getPrototypeOf(Room)).toBe(DurableObject);
    expect([worker.text, worker.sum()]).toEqual(['SELECT 1', 42]);
  });

  test('S8.1.1 the Vite plugin: a redirect to a config of its own, without bundling', async () => {
    const directory = makeProject({
      'wrangler.jsonc': { ...CONFIG, vars: { FROM: 'source' } },
      '.wrangler/deploy/config.json': { configPath: '../../dist/app/wrangler.json', auxiliaryWorkers: [] },
      'dist/app/wrangler.json': {
        ...CONFIG,
        main: 'index.js',
        no_bundle: true,
        rules: [{ type: 'ESModule', globs: ['**/*.js', '**/*.mjs'] }],
        migrations: [],
        exports: {},
        vars: { FROM: 'built' },
      },
      'dist/app/index.js': "import { a } from './assets/chunk-1.js'; export { a as default };",
      'dist/app/assets/chunk-1.js':
        "export const a = { lazy: async () => (await import('./lazy.js')).default };",
      'dist/app/assets/lazy.js': "export default 'lazy';",
    });
    expect(resolveProject({ project: directory, processEnv: {} }).vars).toEqual({ FROM: 'built' });
    const { default: worker } = await load({ project: directory });
    expect(await worker.lazy()).toBe('lazy');
  });
});

describe('sources', () => {
  test('JSX of the configured library, paths of tsconfig', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, main: 'src/index.tsx' },
      'tsconfig.json': {
        compilerOptions: { jsx: 'react-jsx', jsxImportSource: '@/lib', paths: { '@/*': ['./src/*'] } },
      },
      'src/index.tsx': "import { name } from '@/names'; export default <p id={name}>x</p>;",
      'src/names.ts': "export const name: string = 'n';",
      'src/lib/jsx-runtime.ts': 'export const jsx = (type: string, props: object) => ({ type, props });',
    });
    expect(plain((await load({ project: directory })).default)).toEqual({
      type: 'p',
      props: { id: 'n', children: 'x' },
    });
  });

  test('a package of the same repository, in TypeScript and with files of its own', async () => {
    const root = makeProject({
      'packages/shared/package.json': { name: '@acme/shared', exports: { '.': './src/index.ts' } },
      'packages/shared/src/index.ts': "import sql from './schema.sql'; export const schema: string = sql;",
      'packages/shared/src/schema.sql': 'CREATE TABLE t (a)',
      'apps/api/wrangler.json': CONFIG,
      'apps/api/src/index.ts': "import { schema } from '@acme/shared'; export default { schema };",
    });
    fs.mkdirSync(path.join(root, 'node_modules/@acme'), { recursive: true });
    fs.symlinkSync(path.join(root, 'packages/shared'), path.join(root, 'node_modules/@acme/shared'));
    const { default: worker } = await load({ project: path.join(root, 'apps/api') });
    expect(worker.schema).toBe('CREATE TABLE t (a)');
  });

  test('an entry file named on the command line, for a config without one', async () => {
    const directory = makeProject({
      'wrangler.json': { ...CONFIG, main: undefined },
      'other.js': 'export default 5;',
    });
    await expect(load({ project: directory })).rejects.toThrow(
      `${path.join(directory, 'wrangler.json')}: Missing entry module: add "main", or name the file on the command line.`,
    );
    expect((await load({ project: path.join(directory, 'other.js') })).default).toBe(5);
  });
});

describe('what does not run here says so', () => {
  const build = (files, config = {}) =>
    load({ project: makeProject({ 'wrangler.json': { ...CONFIG, ...config }, ...files }) });

  test('S9.1.1 a Worker that neither exports nor listens', async () => {
    await expect(build({ 'src/index.ts': 'const x: number = 1; console.log(x);' })).rejects.toThrow(
      'exports nothing and listens to nothing: use `export default`.',
    );
  });

  test('Python', async () => {
    const rules = [{ type: 'PythonModule', globs: ['**/*.py'] }];
    await expect(build({ 'src/entry.py': 'x = 1' }, { main: 'src/entry.py', rules })).rejects.toThrow(
      /holdfast does not run Python: \S+entry\.py cannot be imported\./,
    );
  });
});
