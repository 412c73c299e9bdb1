'use strict';
// Options of test environments (S10.3.1), laid over a wrangler configuration.

const path = require('node:path');
const { kitOptions, latestOptions } = require('../../../lib/testing/kit/kit-options');
const { describePending } = require('../../../lib/testing/kit/pending');
const { makeProject, removeProjects } = require('../../support/project-files');

afterAll(removeProjects);

const config = {
  name: 'w',
  main: 'src/index.js',
  compatibility_date: '2026-11-01',
  durable_objects: { bindings: [{ name: 'A', class_name: 'A' }] },
  migrations: [{ tag: 'v1', new_classes: ['A'] }],
  kv_namespaces: [{ binding: 'KV', id: 'kv' }],
  vars: { X: 'top' },
  env: { staging: { vars: { X: 'staging' } } },
};
const files = { 'wrangler.json': JSON.stringify(config), 'src/index.js': '' };

test('without options: the configuration as it is', () => {
  const root = makeProject(files);
  const { resolved, isolatedStorage, pending } = kitOptions({}, path.join(root, 'src'));
  expect(resolved).toMatchObject({
    name: 'w',
    main: path.join(root, 'src/index.js'),
    vars: { X: 'top' },
  });
  expect({ isolatedStorage, pending }).toEqual({ isolatedStorage: true, pending: 'warn' });
  expect(latestOptions(path.join(root, 'src'))?.resolved).toBe(resolved);
});

test('options are added to what the configuration binds', () => {
  const root = makeProject(files);
  const { resolved, bindings, globals } = kitOptions(
    {
      durableObjects: { B: 'B', SHARED: { className: 'A' } },
      kvNamespaces: { MORE: 'id' },
      r2Buckets: ['R2'],
      queueProducers: ['Q'],
      queueConsumers: { Q: { maxBatchSize: 5 } },
      compatibilityFlags: ['nodejs_compat'],
      bindings: { Y: 1 },
      globals: { G: 2 },
      durableObjectsPersist: true,
    },
    root,
  );
  expect(resolved.durableObjectBindings.map(({ name, className }) => [name, className])).toEqual([
    ['A', 'A'],
    ['B', 'B'],
    ['SHARED', 'A'],
  ]);
  expect([...resolved.classes]).toEqual([
    ['A', 'kv'],
    ['B', 'sqlite'],
  ]);
  expect(resolved.resources.kvNamespaces.map(({ name }) => name)).toEqual(['KV', 'MORE']);
  expect(resolved.resources.queues.consumers).toHaveLength(1);
  expect(resolved.compatibilityFlags.nodejs_compat).toBe(true);
  expect({ bindings, globals }).toEqual({ bindings: { Y: 1 }, globals: { G: 2 } });
});

test('the names of the Vitest kits', () => {
  const root = makeProject({ 'sub/wrangler.json': JSON.stringify(config), 'other.js': '' });
  const { resolved, bindings } = kitOptions(
    {
      main: './other.js',
      wrangler: { configPath: './sub/wrangler.json', environment: 'staging' },
      miniflare: { bindings: { Y: 1 } },
    },
    root,
  );
  expect(resolved).toMatchObject({ main: path.join(root, 'other.js'), vars: { X: 'staging' } });
  expect(bindings).toEqual({ Y: 1 });
});

test('without a configuration: package.json, options', () => {
  const root = makeProject({
    'package.json': '{ "module": "lib.mjs" }',
    'lib.mjs': '',
    'a.txt': 'text',
  });
  const { resolved, bindings } = kitOptions(
    { wranglerConfigPath: false, durableObjects: { A: 'A' }, textBlobBindings: { T: 'a.txt' } },
    root,
  );
  expect(resolved.main).toBe(path.join(root, 'lib.mjs'));
  expect([...resolved.classes]).toEqual([['A', 'sqlite']]);
  expect(bindings).toEqual({ T: 'text' });
});

test('reads Workers beside the tested one, and bindings to them', () => {
  const root = makeProject(files);
  const { resolved, others } = kitOptions(
    {
      serviceBindings: { BY_NAME: 'other', ENTRY: { name: 'other', entrypoint: 'Named' } },
      compatibilityFlags: ['service_binding_extra_handlers'],
      workers: [{ name: 'other', scriptPath: 'lib.mjs', bindings: { TEXT: 'text' } }],
    },
    root,
  );
  expect(resolved.compatibilityFlags.service_binding_extra_handlers).toBe(true);
  expect(resolved.serviceBindings).toMatchObject([
    { name: 'BY_NAME', service: 'other' },
    { name: 'ENTRY', service: 'other', entrypoint: 'Named' },
  ]);
  expect(others).toMatchObject([{ name: 'other', main: path.join(root, 'lib.mjs') }]);
  expect(others[0].vars).toEqual({ TEXT: 'text' });
});

test('what is left under way is told where it ends with the test', () => {
  const root = makeProject(files);
  expect(kitOptions({}, root).pending).toBe('warn');
  expect(kitOptions({ isolatedStorage: false }, root).pending).toBe('ignore');
  expect(kitOptions({ isolatedStorage: false, pending: 'error' }, root).pending).toBe('error');
  const left = [{ what: 'a call', stack: 'Error\n    at mine (/mine.js:1:1)' }];
  expect(describePending('t', left, true)).toMatch(
    /a call\n {4}at mine.*\nIt was cancelled\. Await/,
  );
  expect(describePending('t', left, false)).toMatch(/\nAwait it, or close it/);
});

test('is read again when a file has changed', () => {
  const root = makeProject(files);
  const first = kitOptions({}, root);
  expect(kitOptions({}, root)).toBe(first);
  const { utimesSync } = require('node:fs');
  utimesSync(path.join(root, 'wrangler.json'), 1, 1);
  expect(kitOptions({}, root)).not.toBe(first);
});

test.each([
  [{ upstream: 'x' }, 'does not support the option upstream'],
  [{ pending: 'no' }, "pending is 'warn', 'error' or 'ignore'"],
  [{ serviceBindings: { S: 1 } }, 'serviceBindings.S is neither a function nor the name'],
  [{ workers: [{ scriptPath: 'x.mjs' }] }, 'miniflare.workers needs a name'],
  [{ wranglerConfigPath: 'none.toml' }, 'cannot be read'],
])('%j is refused', (options, message) => {
  const root = makeProject(files);
  expect(() => kitOptions(options, root)).toThrow(message);
});
