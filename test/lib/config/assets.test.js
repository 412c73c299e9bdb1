// `assets` of a config (S8.7.1): its values are checked with wrangler's texts.
'use strict';

const { loadConfig } = require('../../../lib/config');
const { makeProject, removeProjects } = require('../../support/project-files');

afterAll(removeProjects);

/** @param {unknown} assets @param {object} [options] */
function load(assets, options) {
  const directory = makeProject({
    'wrangler.json': { main: 'index.js', compatibility_date: '2026-08-25', assets },
  });
  return loadConfig(`${directory}/wrangler.json`, { processEnv: {}, ...options });
}

test('what is not said has a default; the directory is beside the config', () => {
  const { projectDir, assets } = load({ directory: './public' });
  expect(assets).toEqual({
    directory: `${projectDir}/public`,
    binding: undefined,
    htmlHandling: 'auto-trailing-slash',
    notFoundHandling: 'none',
    workerFirst: false,
    basePath: '/',
  });
});

test('patterns of run_worker_first are told apart', () => {
  const { assets } = load({ directory: 'a', run_worker_first: ['/api/*', '!/api/docs/*'] });
  expect(assets?.workerFirst).toEqual({ worker: ['/api/*'], assets: ['/api/docs/*'] });
});

test.each([
  ['/docs', '/docs/'],
  ['/a/./b/../c//', '/a/c/'],
  ['docs', '/docs/'],
  ['/..', '/'],
])('base_path %s is %s', (given, expected) => {
  expect(load({ directory: 'a', base_path: given }).assets?.basePath).toBe(expected);
});

const directory = 'a';
/** @type {[unknown, string][]} */
const bad = [
  ['public', '"assets" should be an object, but got value "public" of type string'],
  [{ directory: '' }, 'The assets directory cannot be an empty string.'],
  [{ directory: 5 }, 'Expected "assets.directory" to be of type string but got 5.'],
  [
    { directory, html_handling: 'x' },
    'Expected "assets.html_handling" field to be one of ["auto-trailing-slash","force-trailing-slash","drop-trailing-slash","none"] but got "x".',
  ],
  [
    { directory, not_found_handling: 'x' },
    'Expected "assets.not_found_handling" field to be one of ["single-page-application","404-page","none"] but got "x".',
  ],
  [
    { directory, run_worker_first: 'yes' },
    'The field "assets.run_worker_first" should be an array of strings or a boolean, but got "yes".',
  ],
  [{ directory, run_worker_first: [] }, 'must provide at least 1 rule.'],
  [{ directory, run_worker_first: ['!/a'] }, 'must provide at least 1 non-negative rule'],
  [{ directory, run_worker_first: ['a'] }, "'a': rules must start with '/' or '!/'"],
  [{ directory, run_worker_first: ['/a', '!b'] }, "'!b': negative rules must start with '!/'"],
  [{ directory, run_worker_first: ['/a', '/a'] }, "'/a': rule is a duplicate"],
  [{ directory, run_worker_first: ['/a/*', '/a/b'] }, "'/a/b': rule '/a/*' makes it redundant"],
  [
    { directory, run_worker_first: [`/${'a'.repeat(100)}`] },
    'all rules must be less than 100 characters in length',
  ],
  [
    { directory, run_worker_first: Array.from({ length: 101 }, (_, i) => `/${i}`) },
    '101 rules provided exceeds max of 100.',
  ],
  [{ directory, base_path: '//x' }, 'The value must be a pathname, not a URL.'],
  [{ directory, base_path: '/a?b' }, 'The value must not contain query strings or fragments.'],
  [{ directory, base_path: '/a%20' }, 'must not contain percent-encoded sequences.'],
];

test.each(bad)('%j is refused', (assets, message) => {
  expect(() => load(assets)).toThrow(message);
});

test('without a directory there are no assets, and a binding to them says so when it is used', () => {
  const { assets, unsupportedBindings } = load({ binding: 'ASSETS' });
  expect(assets).toBeUndefined();
  expect(unsupportedBindings).toEqual([
    {
      kind: 'assets',
      name: 'ASSETS',
      missing: 'the configuration of the assets names no directory',
    },
  ]);
  const warnings = (/** @type {object} */ config, /** @type {object} */ options) =>
    load(config, options).warnings.filter((line) => line.startsWith('"assets"'));
  expect(warnings({ binding: 'ASSETS' })).toEqual([
    '"assets" names no directory: no file is served and env.ASSETS throws when used. Where a build tool says which it is (Vite), run its build first.',
  ]);
  expect(warnings({ html_handling: 'none' })).toEqual([expect.stringContaining('served. Where')]);
  expect(warnings({ binding: 'ASSETS' }, { bindings: { ASSETS: {} } })).toEqual([]);
});
