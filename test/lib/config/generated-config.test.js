// Configs that build tools make of a project's own (S8.1.1, S8.1.3): what nobody wrote is not warned of, the next build deletes no data,
// and what was built along runs along.
'use strict';

const path = require('node:path');
const { resolveProject } = require('../../../lib/config');
const { dataDirOf } = require('../../../lib/cli/server');
const { readProjects } = require('../../../lib/cli/read-projects');
const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');

afterAll(removeProjects);

const BASE = { main: 'index.js', compatibility_date: '2026-08-25' };
/** As `@cloudflare/vite-plugin` 1.64 fills in what wrangler's configs have. */
const FILLED_IN = {
  topLevelName: 'app',
  definedEnvironments: ['staging'],
  triggers: {},
  logfwdr: { bindings: [] },
  upload_source_maps: true,
  python_modules: { exclude: ['**/*.pyc'] },
  dev: { ip: 'localhost', local_protocol: 'http', enable_containers: true, generate_types: false },
  no_bundle: true,
};
const CALLER = 'export default { fetch: async (_, env) => new Response(await env.AUX.name()) };';
const CALLEE = `
  import { WorkerEntrypoint } from 'cloudflare:workers';
  export default class extends WorkerEntrypoint { name() { return 'aux'; } }`;

/** @param {object} [config] more of the built one @param {object} [redirect] */
const built = (config, redirect) =>
  makeProject({
    'wrangler.jsonc': { ...BASE, name: 'app', main: 'src/index.ts' },
    '.wrangler/deploy/config.json': { configPath: '../../dist/app/wrangler.json', ...redirect },
    'dist/app/wrangler.json': {
      ...BASE,
      ...FILLED_IN,
      name: 'app',
      services: [{ binding: 'AUX', service: 'aux' }],
      ...config,
    },
    'dist/app/index.js': CALLER,
    'dist/aux/wrangler.json': { ...BASE, ...FILLED_IN, name: 'aux' },
    'dist/aux/index.js': CALLEE,
  });

/** @param {string} project @param {object} [options] */
const resolve = (project, options) => resolveProject({ project, processEnv: {}, ...options });

test('S8.1.5 what a build tool fills in is in no warning, what somebody wrote is', () => {
  expect(resolve(built()).warnings).toEqual([]);
  expect(resolve(built({ observability: { enabled: true } })).warnings).toEqual([
    'These keys have no effect here: observability.',
  ]);
});

describe('the data directory', () => {
  test('is beside the config that the built one was made of', () => {
    const directory = built();
    const userConfigPath = path.join(directory, 'wrangler.jsonc');
    const other = built({ userConfigPath });
    expect(dataDirOf(resolve(other))).toBe(path.join(directory, '.holdfast'));
    expect(dataDirOf(resolve(path.join(other, 'dist/app/wrangler.json')))).toBe(
      path.join(directory, '.holdfast'),
    );
  });

  test('is beside the redirect where that config is not there, or not named', () => {
    for (const config of [{}, { userConfigPath: '/not/on/this/machine/wrangler.jsonc' }]) {
      const directory = built(config);
      expect(dataDirOf(resolve(directory))).toBe(path.join(directory, '.holdfast'));
    }
  });
});

describe('S8.1.3 environments', () => {
  test('a config that was built for one is that of this one', () => {
    const directory = built({ targetEnvironment: 'staging', name: 'app-staging' });
    expect(resolve(directory, { env: 'staging' }).name).toBe('app-staging');
    expect(resolve(directory).name).toBe('app-staging');
    expect(() => resolve(directory, { env: 'production' })).toThrow(
      'The environment "production" was asked for, but this was built for "staging".',
    );
  });

  test('one that does not say is taken for any', () => {
    const directory = built({ definedEnvironments: undefined });
    expect(resolve(directory, { env: 'staging' }).name).toBe('app');
  });
});

describe('Workers that were built along', () => {
  const auxiliaryWorkers = [{ configPath: '../../dist/aux/wrangler.json' }];

  test('run in the process', async () => {
    const runtime = await createRuntime({ config: built({}, { auxiliaryWorkers }) });
    expect(await (await runtime.fetch('http://x/')).text()).toBe('aux');
    await runtime.close();
  });

  test('are read by the command line, unless it names configs', () => {
    const project = built({}, { auxiliaryWorkers });
    const names = (/** @type {object} */ options) =>
      readProjects({ project, var: {}, ...options }).map(({ name }) => name);
    expect(names({})).toEqual(['app', 'aux']);
    expect(names({ config: [path.join(project, 'dist/app/wrangler.json')] })).toEqual(['app']);
  });

  test('an entry of another shape is an error', () => {
    expect(() => resolve(built({}, { auxiliaryWorkers: [{}] }))).toThrow('a string "configPath"');
  });
});
