// Configurations of every kind are accepted: made from wrangler's schema, and written as projects write them.
'use strict';

const { stringify } = require('smol-toml');
const path = require('node:path');
const { definitions } = require('../../../node_modules/wrangler/config-schema.json');
const { loadConfig, unsupportedBinding } = require('../../../lib/config');
const { KEYS } = require('../../../lib/config/key-table');
const { makeProject, removeProjects } = require('../../support/project-files');
const { randomFrom, seed } = require('../../support/random');
const { schemaValue } = require('../../support/schema-values');
const { REALISTIC } = require('./realistic-configs');

const GENERATED = 120;
const NOW = new Date('2026-10-01T12:00:00Z');

afterAll(removeProjects);

/** What the schema cannot say, said here; all else is as the schema lets it be. */
function generate(number) {
  const random = randomFrom((seed + number * 7919) % 2 ** 31 || 1);
  const how = { definitions, random, share: 1 + random(9) };
  const config = schemaValue(definitions.RawConfig, how);
  const environments = Object.values(config.env ?? {});
  for (const section of [config, ...environments]) makeConsistent(section, random);
  config.name = 'worker-1';
  return { config, random };
}

function makeConsistent(section, random) {
  section.compatibility_date = `202${random(7)}-0${1 + random(8)}-1${random(10)}`;
  section.compatibility_flags = random(2) ? ['nodejs_compat'] : [];
  if ('name' in section) section.name = 'named-worker';
  if (section.dev) section.dev.port = random(65536);
  if (section.triggers?.crons) section.triggers.crons = ['*/5 * * * *', '0 9 * * MON'];
  if (Array.isArray(section.assets?.run_worker_first))
    section.assets.run_worker_first = ['/api/*', '!/api/docs'];
  if (section.assets?.directory === '') section.assets.directory = 'public';
  for (const sender of section.send_email ?? [])
    if (sender.destination_address !== undefined) delete sender.allowed_destination_addresses;
  // wrangler refuses both of them together, names that two bindings have, and a Worker first that is not there.
  if (section.assets) delete section.site;
  if (section.assets?.run_worker_first) section.main ??= 'index.js';
  if (section.site?.['entry-point']) delete section.main;
  makeUnique(section);
  if (section.assets?.base_path !== undefined) section.assets.base_path = '/docs';
  for (const producer of section.queues?.producers ?? []) producer.queue ??= 'jobs';
  for (const limiter of section.ratelimits ?? []) limiter.simple = { limit: 5, period: 60 };
  // Classes must be declared before they are bound, and in one of the two ways.
  if (random(2)) section.exports = {};
  section.migrations = Object.keys(section.exports ?? {}).length ? [] : migrations(random);
  for (const binding of section.durable_objects?.bindings ?? [])
    if (!binding.script_name) delete binding.environment;
}

function makeUnique(section) {
  for (const key of ['vars', 'wasm_modules', 'text_blobs', 'data_blobs']) {
    const entries = Object.entries(section[key] ?? {});
    if (section[key])
      section[key] = Object.fromEntries(entries.map(([name, value]) => [`${key}_${name}`, value]));
  }
  if (section.secrets?.required)
    section.secrets.required = section.secrets.required.map((name, index) => `${name}-S${index}`);
  let count = 0;
  const { durable_objects: objects, queues, unsafe, logfwdr, ...others } = section;
  const inner = [objects?.bindings, queues?.producers, unsafe?.bindings, logfwdr?.bindings];
  for (const entry of [...inner, ...Object.values(others)].flat()) {
    if (typeof entry?.binding === 'string') entry.binding += `-${++count}`;
    else if (typeof entry?.name === 'string') entry.name += `-${++count}`;
  }
}

function migrations(random) {
  const all = [
    { tag: 'v1', new_classes: ['A'], new_sqlite_classes: ['B', 'C'] },
    { tag: 'v2', renamed_classes: [{ from: 'A', to: 'D' }], deleted_classes: ['B'] },
    { tag: 'v3', transferred_classes: [{ from: 'X', from_script: 'other', to: 'E' }] },
    { tag: 'v4' },
  ];
  return all.slice(0, random(all.length + 1));
}

/** @param {any} config @param {string} file */
function load(config, file) {
  const text = file.endsWith('.toml') ? stringify(config) : JSON.stringify(config);
  const directory = makeProject({ [file]: text });
  return loadConfig(path.join(directory, file), { now: NOW, processEnv: {} });
}

const bound = (config) =>
  Object.keys(config).filter(
    (key) => KEYS.get(key)?.use === 'binding' && JSON.stringify(config[key]).includes('"binding"'),
  );

test.each(Array.from({ length: GENERATED }, (_, number) => number))(
  `S8.1.7 a configuration made from the schema, seed ${seed}, number %i`,
  (number) => {
    const { config, random } = generate(number);
    const { unsupportedBindings, warnings } = load(
      config,
      random(2) ? 'wrangler.toml' : 'wrangler.json',
    );
    expect(
      warnings.filter((line) => line.startsWith('These keys have no effect here')).length,
    ).toBeLessThan(2);
    for (const binding of unsupportedBindings)
      expect(() => unsupportedBinding(binding).use).toThrow(
        `env.${binding.name} (${binding.kind})`,
      );
    const kinds = unsupportedBindings.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(bound(config)));
  },
);

test.each(Object.entries(REALISTIC))(
  'S8.1.7 %s',
  (_, { file = 'wrangler.jsonc', text, env, expected }) => {
    const directory = makeProject({ [file]: text });
    const config = loadConfig(path.join(directory, file), { now: NOW, processEnv: {}, env });
    const relative = config.main === undefined ? undefined : path.relative(directory, config.main);
    const classes = Object.fromEntries(config.classes);
    const warnings = config.warnings.filter((line) => !line.includes('compatibility_date'));
    expect({ name: config.name, main: relative, classes, warnings }).toEqual(expected);
  },
);
