// The table of keys against the schema that wrangler brings, and the page that is made of it.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { definitions } = require('../../../node_modules/wrangler/config-schema.json');
const { KEYS } = require('../../../lib/config/key-table');

const top = definitions.RawConfig.properties;
const environment = definitions.RawEnvironment.properties;
/** Keys whose description does not say that they are not inherited, although they are not. */
const SILENT = ['durable_objects', 'version_metadata', 'k2'];

/** What the schema of a key has inside: `[name, schema]`, where a list gives those of its entries. */
function inner(name, schema) {
  if (KEYS.get(name)?.use === 'accepted') return [];
  if (schema.$ref) return inner(name, definitions[schema.$ref.split('/').pop()]);
  if (schema.type === 'array') return inner(`${name}[]`, schema.items);
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    `${name}.${key}`,
    ...inner(`${name}.${key}`, value),
  ]);
}

test('S8.1.7 every key of wrangler is in the table, and no other', () => {
  const listed = [...KEYS.keys()].filter((key) => !key.includes('.'));
  expect(listed.sort()).toEqual(Object.keys(top).sort());
});

test('S8.1.7 every key inside a supported one is in the table, and no other', () => {
  const supported = Object.entries(top).filter(([key]) => KEYS.get(key).use === 'supported');
  const expected = supported
    .filter(([key]) => key !== 'env')
    .flatMap(([key, schema]) => inner(key, schema));
  const listed = [...KEYS.keys()].filter((key) => key.includes('.'));
  expect(listed.sort()).toEqual(expected.sort());
});

test.each(Object.keys(top))('S8.1.4, S8.1.5, S8.1.6 the scope of %s', (key) => {
  const { scope } = KEYS.get(key);
  if (!Object.hasOwn(environment, key)) {
    expect(scope).toBe('top');
    return;
  }
  const says = /not automatically inherited/.test(environment[key].description ?? '');
  expect(scope).toBe(says || SILENT.includes(key) ? 'own' : 'inherited');
});

test('docs/config-keys.md is made from the table', () => {
  const script = path.join(__dirname, '../../../scripts/config-keys.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
