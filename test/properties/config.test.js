// Configurations of a seed, read here and by wrangler: accepted or refused by both, and the same values where they are accepted (S8).
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { resolveProject } = require('../../lib/config');
const { KEYS } = require('../../lib/config/key-table');
const { configCase } = require('../support/random-configs');
const { makeProject, removeProjects } = require('../support/project-files');
const { randomFrom } = require('../support/random');
const { shownHere, shownOfWrangler } = require('../support/shown-configs');

const CASES = Number(process.env.HOLDFAST_CONFIGS ?? 300);
/** The same in every run: what another one finds is no fault of the change that is tested. HOLDFAST_SEED takes others. */
const seed = Number(process.env.HOLDFAST_SEED ?? 1);
const oracle = path.resolve(__dirname, '../support/wrangler-configs.mjs');
/** The whole environment of both: `CLOUDFLARE_INCLUDE_PROCESS_ENV` shows it. */
const processEnv = {
  PATH: String(process.env.PATH),
  WRANGLER_LOG: 'none',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
};

/** What Holdfast refuses and wrangler does not, in a configuration without a mistake. */
const STRICTER = [
  // Data follows the migrations here, so nothing is left that the binding could lead to (S8.4.6).
  /is bound to class \w+, which a migration has (deleted|renamed)/,
  // wrangler leaves these to Cloudflare and workerd, and an empty directory to a later step.
  /a cron expression/,
  /No such compatibility flag|contradict each other/,
  /The assets directory cannot be an empty string/,
  // Somebody named it.
  /does not exist; --env-file named it/,
];
/** What wrangler refuses and Holdfast does not. */
const LOOSER = [
  // A date without quotes, in TOML, can mean one thing only.
  /Expected "compatibility_date" to be of type string but got "\d{4}-/,
  // It is for editors.
  /Expected "\$schema" to be of type string/,
];

afterAll(removeProjects);

/** @param {(string | number)[]} place in a config @returns {boolean} whether what stands there matters here (S8.1.7) */
function matters(place) {
  const inSection = place[0] === 'env' ? place.slice(2) : place;
  const name = inSection.reduce(
    (all, part) => (typeof part === 'number' ? `${all}[]` : all ? `${all}.${part}` : part),
    '',
  );
  const parts = String(name).split('.');
  const uses = parts.map((_, length) => KEYS.get(parts.slice(0, length + 1).join('.'))?.use);
  return uses[0] === 'supported' && !uses.includes('accepted');
}

/** @param {import('../support/random-configs').ConfigCase & {root: string}} made */
function readHere({ root, directory, config, env, envFiles, processEnv: own }) {
  try {
    const resolved = resolveProject({
      project: path.join(root, directory),
      config: config && path.join(root, config),
      env,
      envFiles,
      processEnv: { ...processEnv, ...own },
    });
    return { config: resolved };
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name !== 'ConfigError') throw error;
    return { error: message };
  }
}

/** @param {any} made @param {any} here @param {any} there @returns {string | undefined} */
function difference(made, here, there) {
  const mistakes = Object.values(made.mistakes);
  if (here.error && there.error) return undefined;
  if (here.error) {
    // A value of a wrong type is one here, also where wrangler takes it: a list for a table, or a text for a list.
    const isShape = mistakes.length > 0 && /should|Expected/.test(here.error);
    if (isShape || STRICTER.some((reason) => reason.test(here.error))) return undefined;
    return `Holdfast alone refuses: ${here.error}`;
  }
  if (there.error) {
    const isIgnored = mistakes.some((place) => !matters(place));
    if (isIgnored || LOOSER.some((reason) => reason.test(there.error))) return undefined;
    return `wrangler alone refuses: ${there.error}`;
  }
  const shown = plain(shownHere(here.config));
  const wanted = plain(shownOfWrangler(there, path.join(made.root, made.directory)));
  // Without a date both take today's rules, when the Worker starts.
  if (wanted.flags === undefined) delete shown.flags;
  // What an environment inherits, wrangler makes relative to its own directory a second time.
  const isElsewhere = path.resolve(made.root, made.directory) !== here.config.projectDir;
  for (const key of here.config.environment && isElsewhere ? ['tsconfig', 'watchDirs'] : [])
    [shown, wanted].forEach(({ build }) => delete build[key]);
  const differing = Object.keys({ ...shown, ...wanted }).filter(
    (key) => JSON.stringify(shown[key]) !== JSON.stringify(wanted[key]),
  );
  if (differing.length === 0) return undefined;
  return differing
    .map((key) => `${key}: ${JSON.stringify(shown[key])}, wrangler: ${JSON.stringify(wanted[key])}`)
    .join('\n');
}

/** @param {any} value */
const plain = (value) => JSON.parse(JSON.stringify(value));

/**
 * @param {import('../support/random-configs').ConfigCase[]} cases
 * @returns {{isRead: boolean, problem?: string}[]}
 */
function compare(cases) {
  const made = cases.map((item) => {
    const root = makeProject({ ...item.files, [path.join(item.directory, '.keep')]: '' });
    return { ...item, root };
  });
  const jobs = made.map(({ root, directory, config, env, envFiles, processEnv: own }) => {
    const file = config && path.join(root, config);
    return { directory: path.join(root, directory), config: file, env, envFiles, processEnv: own };
  });
  const { stdout, stderr } = spawnSync(process.execPath, [oracle], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    env: processEnv,
    maxBuffer: 2 ** 30,
  });
  if (stdout === '') throw new Error(stderr);
  const answers = JSON.parse(stdout);
  return made.map((item, number) => {
    const there = answers[number];
    const here = readHere(item);
    return { isRead: !here.error && !there.error, problem: difference(item, here, there) };
  });
}

const BASE = { name: 'app', main: 'a.js', compatibility_date: '2026-08-25' };
const REDIRECT = '.wrangler/deploy/config.json';
const kv = (/** @type {string} */ binding) => ({ kv_namespaces: [{ binding, id: 'x' }] });

/** What seeds found: files, what else there is, and whether they are read. @type {[string, object, object, boolean][]} */
const FOUND = [
  [
    'crons of the top level that are no list, where the environment has its own',
    {
      'wrangler.json': {
        ...BASE,
        triggers: { crons: {} },
        env: { e: { triggers: { crons: ['*/5 * * * *'] } } },
      },
    },
    { env: 'e' },
    false,
  ],
  [
    'required secrets that are null',
    { 'wrangler.json': { ...BASE, secrets: { required: null } } },
    {},
    false,
  ],
  [
    'one name is looked for up to the root before the next one is',
    { 'wrangler.json': { ...BASE, name: 'up' }, 'a/wrangler.toml': 'name = "near"' },
    { directory: 'a' },
    true,
  ],
  [
    'a redirect that is not beside the config',
    { 'wrangler.json': BASE, [`a/${REDIRECT}`]: { configPath: '../../b.json' }, 'a/b.json': BASE },
    { directory: 'a' },
    false,
  ],
  [
    'a redirect with comments; variables are those of the project',
    {
      'wrangler.json': BASE,
      [REDIRECT]: '{ /* c */ "configPath": "../../out/b.json", }',
      'out/b.json': { ...BASE, name: 'built' },
      '.dev.vars': 'A=project',
      'out/.dev.vars': 'A=output',
    },
    {},
    true,
  ],
  ['an environment in a file without any', { 'wrangler.json': BASE }, { env: 'dev' }, true],
  ['another environment', { 'wrangler.json': { ...BASE, env: { a: {} } } }, { env: 'b' }, false],
  [
    'an environment whose name no Worker could have',
    { 'wrangler.json': { ...BASE, env: { 'a.b': {} } } },
    { env: 'a.b' },
    true,
  ],
  ['an empty name', { 'wrangler.json': { ...BASE, name: '' } }, {}, true],
  [
    'two bindings of one name',
    { 'wrangler.json': { ...BASE, ...kv('A'), vars: { A: 1 } } },
    {},
    false,
  ],
  [
    'two bindings of one name in another environment',
    { 'wrangler.json': { ...BASE, ...kv('A'), vars: { A: 1 }, env: { dev: kv('B') } } },
    { env: 'dev' },
    true,
  ],
  [
    'a mistake at the top level that the environment covers',
    { 'wrangler.json': { ...BASE, kv_namespaces: [{}], env: { dev: kv('B') } } },
    { env: 'dev' },
    false,
  ],
  [
    'a producer whose queue has no name',
    { 'wrangler.json': { ...BASE, queues: { producers: [{ binding: 'JOBS' }] } } },
    {},
    true,
  ],
  ['a date of TOML as a variable', { 'wrangler.toml': '[vars]\nA = 2026-08-25' }, {}, false],
  ['Workers Sites without an entry', { 'wrangler.json': { site: { bucket: 'b' } } }, {}, true],
  [
    'Workers Sites with two entries',
    { 'wrangler.json': { ...BASE, site: { bucket: 'b', 'entry-point': 'old' } } },
    {},
    false,
  ],
  [
    'a Worker first that is not there',
    { 'wrangler.json': { assets: { directory: 'a', run_worker_first: true } } },
    {},
    false,
  ],
  ['a switch that is none', { 'wrangler.json': { ...BASE, keep_names: 'no' } }, {}, false],
  [
    'a field that an export cannot have',
    {
      'wrangler.json': {
        ...BASE,
        exports: { A: { type: 'durable-object', state: 'deleted', x: 1 } },
      },
    },
    {},
    false,
  ],
];

test('S8 what seeds found is read as wrangler reads it', () => {
  const cases = FOUND.map(([, files, more]) => ({
    files: /** @type {Record<string, string>} */ (files),
    mistakes: {},
    directory: '',
    processEnv: {},
    ...more,
  }));
  const results = compare(cases).map(({ isRead, problem }, number) => [
    FOUND[number][0],
    problem,
    isRead,
  ]);
  expect(results).toEqual(FOUND.map(([name, , , isRead]) => [name, undefined, isRead]));
});

test(`S8 ${CASES} configurations are read as wrangler reads them, seed ${seed}`, () => {
  const cases = Array.from({ length: CASES }, (_, number) =>
    configCase(randomFrom((seed + number * 7919) % 2 ** 31 || 1)),
  );
  const results = compare(cases);
  const problems = results.flatMap(({ problem }, number) =>
    problem ? [`number ${number}: ${problem}\n${JSON.stringify(cases[number], null, 1)}`] : [],
  );
  expect(problems.slice(0, 3).join('\n\n')).toBe('');
  expect(results.filter(({ isRead }) => isRead).length).toBeGreaterThan(CASES / 4);
});
