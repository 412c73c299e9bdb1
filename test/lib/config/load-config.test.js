'use strict';

const path = require('node:path');
const { loadConfig, resolveProject } = require('../../../lib/config');
const { makeProject, removeProjects } = require('../../support/project-files');

const NOW = new Date('2026-10-01T12:00:00Z');
const BASE = { name: 'app', main: 'src/index.js', compatibility_date: '2026-08-25' };

afterAll(removeProjects);

function load(config, { files = {}, name = 'wrangler.json', ...options } = {}) {
  const directory = makeProject({ [name]: config, ...files });
  return loadConfig(path.join(directory, name), { now: NOW, processEnv: {}, ...options });
}

function problem(config, options) {
  try {
    load(config, options);
  } catch (error) {
    return error;
  }
  throw new Error('The config was accepted.');
}

describe('formats', () => {
  const expected = {
    name: 'app',
    vars: { GREETING: 'hi' },
    durableObjectBindings: [{ name: 'ROOM', className: 'Room' }],
  };
  const texts = {
    'wrangler.toml': `
name = "app"
main = "src/index.ts"
compatibility_date = "2026-08-25"
vars = { GREETING = "hi" }
[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]
`,
    'wrangler.jsonc': `{
  // a comment
  "name": "app", "main": "src/index.ts", "compatibility_date": "2026-08-25",
  "vars": { "GREETING": "hi" },
  "durable_objects": { "bindings": [{ "name": "ROOM", "class_name": "Room" },] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Room"] }],
}`,
  };
  test.each(Object.entries(texts))('S8.1.1 reads %s', (name, text) => {
    const config = load(text, { name });
    expect(config).toMatchObject(expected);
    expect(config.main).toBe(path.join(config.projectDir, 'src/index.ts'));
    expect(config.classes).toEqual(new Map([['Room', 'sqlite']]));
    expect(config.warnings).toEqual([]);
  });

  test('a syntax error in TOML names file, line and column', () => {
    const error = problem('name = "app"\nmain = \n', { name: 'wrangler.toml' });
    expect(error.name).toBe('ConfigError');
    expect(error.message).toMatch(/\/wrangler\.toml:2:\d+: \S/);
  });

  test('a syntax error in JSON names file, line and column', () => {
    expect(problem('{\n  "name": "app"\n  "main": 1\n}').message).toMatch(
      /wrangler\.json:3:3: Comma/i,
    );
  });

  test.each([
    ['wrangler.json', JSON.stringify({ ...BASE, vars: 3 }, null, 2), 5],
    ['wrangler.toml', 'main = "a.js"\ncompatibility_date = "2026-01-01"\nvars = 3\n', 3],
  ])('a wrong value in %s is found by its line', (name, text, line) => {
    expect(problem(text, { name })).toMatchObject({
      line,
      problem: expect.stringContaining('"vars"'),
    });
  });

  test('an error in an array of tables of TOML is found by its line', () => {
    const text =
      'main = "a.js"\n[[durable_objects.bindings]]\nname = "A"\nclass_name = "A"\n[[durable_objects.bindings]]\nname = "B"\n';
    expect(problem(text, { name: 'wrangler.toml' })).toMatchObject({ line: 5 });
  });
});

describe('discovery', () => {
  const config = (name) => ({ ...BASE, name });

  test('S8.1.1 json wins over jsonc, jsonc over toml', () => {
    const directory = makeProject({
      'wrangler.json': config('json'),
      'wrangler.jsonc': config('jsonc'),
      'wrangler.toml': 'name = "toml"\nmain = "a.js"',
    });
    expect(resolveProject({ project: directory }).name).toBe('json');
  });

  test('S8.1.1 looks upwards', () => {
    const directory = makeProject({
      'wrangler.toml': 'name = "up"\nmain = "a.js"',
      'a/b/c.txt': '',
    });
    expect(resolveProject({ project: path.join(directory, 'a/b') }).name).toBe('up');
  });

  test('S8.1.1 follows a redirect file, relative to itself', () => {
    const directory = makeProject({
      'wrangler.json': config('source'),
      'dist/wrangler.json': config('generated'),
      '.wrangler/deploy/config.json': { configPath: '../../dist/wrangler.json' },
    });
    const resolved = resolveProject({ project: directory });
    expect(resolved.name).toBe('generated');
    expect(resolved.main).toBe(path.join(directory, 'dist/src/index.js'));
  });

  test('an entry file takes the config above it, with itself as main', () => {
    const directory = makeProject({ 'wrangler.json': config('app'), 'other.js': '' });
    const resolved = resolveProject({ project: path.join(directory, 'other.js') });
    expect(resolved).toMatchObject({ name: 'app', main: path.join(directory, 'other.js') });
  });

  test('an entry file without a config stands alone', () => {
    const directory = makeProject({ 'worker.js': '' });
    const resolved = resolveProject({ project: path.join(directory, 'worker.js') });
    expect(resolved).toMatchObject({
      configPath: undefined,
      projectDir: directory,
      durableObjectBindings: [],
    });
  });

  test('names what does not exist', () => {
    expect(() => resolveProject({ project: '/nowhere/at/all' })).toThrow(
      'There is no file or directory /nowhere/at/all.',
    );
  });
});

describe('environments', () => {
  const config = {
    ...BASE,
    compatibility_flags: ['nodejs_compat'],
    vars: { A: 'top' },
    durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Room' }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
    env: {
      staging: { vars: { B: 'staging' } },
      named: { name: 'own', vars: {}, durable_objects: {} },
    },
  };

  test('S8.1.3 inheritable keys fall back, the others are empty with a warning', () => {
    const resolved = load(config, { env: 'staging' });
    expect(resolved).toMatchObject({
      name: 'app-staging',
      vars: { B: 'staging' },
      durableObjectBindings: [],
    });
    expect(resolved.migrations).toHaveLength(1);
    expect(resolved.compatibilityFlags.nodejs_compat).toBe(true);
    expect(resolved.vars).not.toHaveProperty('A');
    expect(resolved.warnings).toEqual([
      expect.stringContaining('does not inherit "durable_objects"'),
    ]);
  });

  test('S8.1.3 an environment may name itself', () => {
    expect(load(config, { env: 'named' })).toMatchObject({ name: 'own', warnings: [] });
  });

  test('S8.1.3 CLOUDFLARE_ENV chooses, --env wins', () => {
    const processEnv = { CLOUDFLARE_ENV: 'staging' };
    expect(load(config, { processEnv }).name).toBe('app-staging');
    expect(load(config, { processEnv, env: 'named' }).name).toBe('own');
  });

  test('an unknown environment is an error that names those there are', () => {
    expect(problem(config, { env: 'prod' }).message).toContain(
      'No environment named "prod": it has "staging", "named".',
    );
  });

  test('an error in an environment is found in the environment', () => {
    const bad = { ...config, env: { staging: { vars: 1 } } };
    const line =
      JSON.stringify(bad, null, 2)
        .split('\n')
        .findIndex((text) => text.includes('"vars": 1')) + 1;
    expect(problem(bad, { env: 'staging' })).toMatchObject({ line });
  });
});

describe('durable object bindings', () => {
  const bind = (...bindings) => ({ ...BASE, durable_objects: { bindings } });

  test.each([
    [{ class_name: 'A' }, 'binding should have a string "name" field.'],
    [{ name: 'A' }, 'binding should have a string "class_name" field.'],
    [
      { name: 'A', class_name: 'A', script_name: 1 },
      'the field "script_name", when present, should be a string.',
    ],
    [
      { name: 'A', class_name: 'A', script_name: 's', environment: 1 },
      'the field "environment", when present, should be a string.',
    ],
    [
      { name: 'A', class_name: 'A', environment: 'e' },
      'binding should have a "script_name" field if "environment" is present.',
    ],
  ])('S8.3.2 %j', (binding, text) => {
    expect(problem(bind(binding)).message).toContain(text);
  });

  test('S8.3.3 a class without a migration is legacy, with a warning', () => {
    const config = load(bind({ name: 'A', class_name: 'Alpha' }));
    expect(config.classes).toEqual(new Map([['Alpha', 'undeclared']]));
    expect(config.warnings).toEqual([expect.stringContaining('No migration declares Alpha')]);
  });

  test('S8.3.4 several bindings may name one class', () => {
    const config = load(bind({ name: 'A', class_name: 'X' }, { name: 'B', class_name: 'X' }));
    expect(config.durableObjectBindings.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(config.classes.size).toBe(1);
  });

  test.each([
    [{ tag: 'v2', deleted_classes: ['X'] }, 'which a migration has deleted.'],
    [
      { tag: 'v2', renamed_classes: [{ from: 'X', to: 'Y' }] },
      'which a migration has renamed to Y.',
    ],
  ])('S8.4.5, S8.4.6 a class that is gone cannot be bound: %j', (migration, text) => {
    const migrations = [{ tag: 'v1', new_classes: ['X'] }, migration];
    expect(problem({ ...bind({ name: 'A', class_name: 'X' }), migrations }).message).toContain(
      text,
    );
  });
});

describe('migrations', () => {
  const config = (...migrations) => ({ ...BASE, migrations });

  test('S8.4.4 kinds follow creation and survive a rename', () => {
    const { classes } = load(
      config(
        { tag: '1', new_classes: ['Kv', 'Gone'], new_sqlite_classes: ['Sql'] },
        { tag: '2', renamed_classes: [{ from: 'Sql', to: 'Renamed' }], deleted_classes: ['Gone'] },
      ),
    );
    expect(classes).toEqual(
      new Map([
        ['Kv', 'kv'],
        ['Renamed', 'sqlite'],
      ]),
    );
  });

  test('S8.4.3 within one entry: delete, rename, then create', () => {
    const { classes } = load(
      config(
        { tag: '1', new_classes: ['A'], new_sqlite_classes: ['B'] },
        {
          tag: '2',
          new_classes: ['B'],
          renamed_classes: [{ from: 'B', to: 'A' }],
          deleted_classes: ['A'],
        },
      ),
    );
    expect(classes).toEqual(
      new Map([
        ['A', 'sqlite'],
        ['B', 'kv'],
      ]),
    );
  });

  test.each([
    [
      [{ tag: '1', deleted_classes: ['X'] }],
      'Cannot apply deleted_classes migration to non-existent class X',
    ],
    [
      [{ tag: '1', renamed_classes: [{ from: 'X', to: 'Y' }] }],
      'Cannot apply renamed_classes migration to non-existent class X',
    ],
    [
      [{ tag: '1', new_classes: ['X', 'X'] }],
      'Cannot apply new_classes migration to existing class X',
    ],
    [
      [{ tag: '1', new_classes: ['X'], new_sqlite_classes: ['X'] }],
      'Cannot apply new_sqlite_classes migration to existing class X',
    ],
    [
      [{ tag: '1', renamed_classes: 'x' }],
      'Expected "migrations[0].renamed_classes" to be an array of "{from: string, to: string}" objects but got "x"',
    ],
    [
      [{ tag: '1', transferred_classes: [{ from: 'a' }] }],
      'Expected "migrations[0].transferred_classes" to be an array of "{from: string, from_script: string, to: string}" objects but got [{"from":"a"}]',
    ],
    [[{ new_classes: ['X'] }], 'Expected "migrations[0].tag" to be of type string'],
    [[{ tag: '1' }, { tag: '1' }], '"migrations[1].tag" repeats "1"'],
  ])('S8.4.1, S8.4.3, S8.4.10 %j', (migrations, text) => {
    expect(problem(config(...migrations)).message).toContain(text);
  });

  test('S8.4.10 not an array', () => {
    expect(problem({ ...BASE, migrations: { tag: '1' } }).message).toContain(
      'The optional "migrations" field should be an array, but got {"tag":"1"}',
    );
  });

  test('S8.5 exports declare kinds instead, never beside migrations', () => {
    const exports = {
      A: { type: 'durable-object', storage: 'sqlite' },
      B: { type: 'durable-object', storage: 'legacy-kv' },
      C: { type: 'worker' },
    };
    expect(load({ ...BASE, exports }).classes).toEqual(
      new Map([
        ['A', 'sqlite'],
        ['B', 'kv'],
      ]),
    );
    expect(load({ ...BASE, exports, migrations: [] }).classes.size).toBe(2);
    expect(problem({ ...BASE, exports, migrations: [{ tag: '1' }] }).message).toContain(
      '`migrations` and `exports` are mutually exclusive.',
    );
  });

  test('S8.5 exports say what became of classes', () => {
    const exports = {
      Gone: { type: 'durable-object', state: 'deleted' },
      Old: { type: 'durable-object', state: 'renamed', renamed_to: 'New' },
      New: { type: 'durable-object', storage: 'legacy-kv' },
      Away: { type: 'durable-object', state: 'transferred', transferred_to: 'other' },
      Here: {
        type: 'durable-object',
        state: 'expecting-transfer',
        storage: 'sqlite',
        transfer_from: 'other',
      },
    };
    expect(load({ ...BASE, exports })).toMatchObject({
      classes: new Map([
        ['New', 'kv'],
        ['Here', 'sqlite'],
      ]),
      changes: {
        deletedClasses: ['Gone'],
        renamedClasses: [{ from: 'Old', to: 'New' }],
        transferredClasses: [{ from: 'Here', fromScript: 'other', to: 'Here' }],
      },
    });
    const durable_objects = { bindings: [{ name: 'GONE', class_name: 'Gone' }] };
    expect(problem({ ...BASE, exports, durable_objects }).message).toContain(
      '"GONE" is bound to class Gone, which a migration has deleted.',
    );
  });

  test.each([
    [{ type: 'x' }, '"exports.A.type" must be one of "durable-object", "worker", "workflow".'],
    [
      { type: 'durable-object' },
      '"exports.A.storage" is required for state "created" and must be one of "sqlite", "legacy-kv".',
    ],
    [
      { type: 'durable-object', state: 'renamed' },
      '"exports.A.renamed_to" is required for state "renamed" and must be a non-empty string.',
    ],
    [
      { type: 'durable-object', state: 'renamed', renamed_to: 'A' },
      '"exports.A.renamed_to" cannot equal the source class name "A".',
    ],
    [
      { type: 'durable-object', state: 'deleted', storage: 'sqlite' },
      '"exports.A.storage" is forbidden on state "deleted".',
    ],
    [
      { type: 'durable-object', state: 'lost' },
      '"exports.A.state" must be one of "created", "deleted", "renamed", "transferred", or "expecting-transfer" but got "lost".',
    ],
  ])('S8.5.2 %j', (entry, text) => {
    expect(problem({ ...BASE, exports: { A: entry } }).message).toContain(text);
  });
});

describe('compatibility', () => {
  const config = (date, ...flags) => ({
    ...BASE,
    compatibility_date: date,
    compatibility_flags: flags,
  });
  const isOn = (flag, date, ...flags) => load(config(date, ...flags)).compatibilityFlags[flag];

  test.each([
    ['delete_all_deletes_alarm', '2026-02-23', [], false],
    ['delete_all_deletes_alarm', '2026-02-24', [], true],
    ['delete_all_deletes_alarm', '2026-02-24', ['delete_all_preserves_alarm'], false],
    ['delete_all_deletes_alarm', '2020-01-01', ['delete_all_deletes_alarm'], true],
    ['nodejs_compat', '2026-08-03', [], false],
    ['nodejs_compat', '2026-08-04', [], true],
    ['nodejs_compat_v2', '2024-09-22', ['nodejs_compat'], false],
    ['nodejs_compat_v2', '2024-09-23', ['nodejs_compat'], true],
    ['nodejs_compat_v2', '2024-09-23', ['nodejs_compat', 'no_nodejs_compat_v2'], false],
    ['js_rpc', '2026-08-25', [], false],
  ])('S0.3 %s at %s with %j: %s', (flag, date, flags, on) => {
    expect(isOn(flag, date, ...flags)).toBe(on);
  });

  test('S8.2 unknown flags and contradictions are errors', () => {
    expect(problem(config('2026-01-01', 'rpc', 'nonsense')).message).toContain(
      'No such compatibility flag: nonsense.',
    );
    expect(problem(config('2026-01-01', 'rpc', 'no_rpc')).message).toContain(
      '"rpc" and "no_rpc" contradict',
    );
  });

  test.each(['2026-1-1', '2026-02-30', 'today', '2026-10-04'])(
    'S8.2 %s is no date to run at',
    (date) => {
      expect(problem(config(date)).message).toMatch(/wrangler\.json:4:\d+: "compatibility_date"/);
    },
  );

  test('S8.2 a date that is missing is today, with a warning', () => {
    const resolved = load({ name: 'app', main: 'a.js' });
    expect(resolved.compatibilityDate).toBe('2026-10-01');
    expect(resolved.warnings).toEqual([expect.stringContaining('No "compatibility_date"')]);
  });

  test('a date may be a date of TOML', () => {
    const text = 'main = "a.js"\ncompatibility_date = 2026-08-25\n';
    expect(load(text, { name: 'wrangler.toml' }).compatibilityDate).toBe('2026-08-25');
  });
});

describe('keys', () => {
  test('S8.1.7 those without effect are named in one line', () => {
    const { warnings } = load({
      ...BASE,
      routes: ['a'],
      limits: { cpu_ms: 1 },
      placement: {},
      dev: { port: 1, inspector_port: 2 },
      surprise: 1,
    });
    expect(warnings).toEqual([
      'These keys have no effect here: routes, limits, surprise, dev.inspector_port.',
    ]);
  });

  test('S8.1.7 unsupported bindings are listed and warned of', () => {
    const { unsupportedBindings, warnings } = load({
      ...BASE,
      vectorize: [{ binding: 'INDEX', index_name: 'x' }],
      ai: { binding: 'AI' },
      workflows: [{ name: 'flow', binding: 'FLOW', class_name: 'Flow' }],
    });
    expect(unsupportedBindings).toEqual([
      { kind: 'vectorize', name: 'INDEX' },
      { kind: 'ai', name: 'AI' },
      { kind: 'workflows', name: 'FLOW' },
    ]);
    expect(warnings).toEqual([
      'These bindings are not supported yet and throw when used: vectorize (env.INDEX), ai (env.AI), workflows (env.FLOW).',
    ]);
  });

  test('S7.7.2 services of the Worker itself and of others', () => {
    const { serviceBindings, warnings } = load({
      ...BASE,
      name: 'app',
      services: [
        { binding: 'SELF', service: 'app' },
        { binding: 'ADMIN', service: 'app', entrypoint: 'Admin', props: { role: 'admin' } },
        { binding: 'OTHER', service: 'another' },
        { binding: 'STAGED', service: 'another', environment: 'staging' },
      ],
    });
    expect(serviceBindings).toEqual([
      { name: 'SELF', service: 'app', entrypoint: 'default', props: {} },
      { name: 'ADMIN', service: 'app', entrypoint: 'Admin', props: { role: 'admin' } },
      { name: 'OTHER', service: 'another', entrypoint: 'default', props: {} },
      { name: 'STAGED', service: 'another-staging', entrypoint: 'default', props: {} },
    ]);
    expect(warnings).toEqual([]);
  });

  test('S7.7.2 service bindings are checked', () => {
    const services = [{ binding: 5, service: 'app', entrypoint: 1, props: 'x' }];
    expect(problem({ ...BASE, name: 'app', services }).message).toContain(
      '"services[0]": binding should have a string "binding" field. the field "entrypoint", when present, should be a string. the field "props", when present, should be an object.',
    );
    expect(problem({ ...BASE, services: {} }).message).toContain(
      'The field "services" should be an array, but got {}.',
    );
  });

  test('S8.1.7 bindings that the caller brings are not unsupported', () => {
    const config = { ...BASE, ai: { binding: 'AI' }, browser: { binding: 'BROWSER' } };
    const { unsupportedBindings, warnings } = load(config, { bindings: { AI: {} } });
    expect(unsupportedBindings).toEqual([{ kind: 'browser', name: 'BROWSER' }]);
    expect(warnings).toEqual([expect.stringContaining('throw when used: browser (env.BROWSER).')]);
  });

  test.each([
    [{ main: 'src/index.ts', site: { bucket: 'b' } }, 'src/index.ts'],
    [{ site: { bucket: 'b' } }, 'workers-site/index.js'],
    [{ site: { bucket: 'b', 'entry-point': 'workers-site' } }, 'workers-site/index.js'],
    [{ site: { bucket: 'b', 'entry-point': 'site/a.ts' } }, 'site/a.ts'],
    [{ build: { upload: { format: 'modules', main: './a.mjs' } } }, 'dist/a.mjs'],
    [{ build: { upload: { dir: 'out', main: 'a.mjs' } } }, 'out/a.mjs'],
  ])('S8.2 the entry module of %j', (config, file) => {
    const { main, projectDir } = load({ name: 'app', ...config });
    expect(path.relative(projectDir, main)).toBe(file);
  });

  test('a name of the command line is taken as it is, and checked', () => {
    const directory = makeProject({ 'wrangler.json': { ...BASE, env: { x: {} } } });
    const named = (/** @type {string} */ name) =>
      resolveProject({ project: directory, env: 'x', processEnv: {}, name }).name;
    expect(named('other')).toBe('other');
    expect(() => named('Not A Name')).toThrow('"name" to be of type string');
  });

  test('S8.2 a config may have no entry module, the name is checked', () => {
    expect(load({ name: 'app' }).main).toBeUndefined();
    expect(load({ name: 'app' }, { main: 'a.js' }).main).toBe(path.resolve('a.js'));
    expect(problem({ name: 'app', main: 5 }).message).toContain('"main" should be a string');
    expect(problem({ ...BASE, name: 'My App' }).message).toContain(
      'alphanumeric and lowercase with dashes only',
    );
  });
});
