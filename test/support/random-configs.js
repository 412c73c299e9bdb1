// Projects of a seed whose configuration wrangler and Holdfast are to read alike: files, and how they are asked for.
'use strict';

const { stringify } = require('smol-toml');
const { choices, makeExports, makers, topMakers } = require('./random-config-values');

/** @typedef {(below: number) => number} Random */
/** @typedef {Record<string, any>} Table */

/**
 * @typedef {object} ConfigCase
 * @property {Record<string, string>} files by path
 * @property {Record<string, (string | number)[]>} mistakes where a config has one, by its path
 * @property {string} directory where it is read, below the root
 * @property {string} [config] as `--config`, below the root
 * @property {string} [env]
 * @property {string[]} [envFiles]
 * @property {Record<string, string>} processEnv
 */

const ENVIRONMENTS = ['dev', 'production', 'Test_1', 'a.b'];

/** @param {Random} random @param {Record<string, () => unknown>} all @param {number} percent */
function section(random, all, percent) {
  /** @type {Table} */
  const made = {};
  for (const [key, make] of Object.entries(all)) if (random(100) < percent) made[key] = make();
  return made;
}

/** @param {Random} random */
function makeConfig(random) {
  const { some, pick, chance } = choices(random);
  const share = pick([15, 30, 60]);
  /** @type {Table} */
  const config = section(random, { ...makers(random), ...topMakers(random) }, share);
  if (chance(70)) {
    const names = new Set(some(3, () => pick(ENVIRONMENTS)));
    config.env = Object.fromEntries(
      [...names].map((name) => [name, section(random, makers(random), share)]),
    );
    // A key that only stands at the top.
    for (const env of Object.values(config.env)) if (chance(5)) env.alias = { x: 'y' };
  }
  if (chance(85)) config.compatibility_date ??= '2026-08-25';
  // Neither of the two may stand beside Workers Sites.
  const sections = [config, ...Object.values(config.env ?? {})];
  if (sections.some(({ assets }) => assets)) delete config.site;
  if (config.secrets && chance(80)) delete config.vars;
  if (config.assets?.run_worker_first) config.main ??= 'index.js';
  const declared = pick(['migrations', 'exports', 'both', 'none']);
  if (declared === 'exports') {
    delete config.migrations;
    if (chance(50)) config.exports = makeExports(random);
  }
  return config;
}

const WRONG = [null, 3, '', 'text', true, [], {}, [3], ['text'], { a: 1 }, [null], [{}]];

/** Every place in it. @param {any} value @param {(string | number)[]} path @returns {(string | number)[][]} */
function places(value, path = []) {
  if (typeof value !== 'object' || value === null) return [path];
  const isList = Array.isArray(value);
  const inner = Object.entries(value).flatMap(([key, item]) =>
    places(item, [...path, isList ? Number(key) : key]),
  );
  return path.length ? [path, ...inner] : inner;
}

/**
 * Puts a value of another type somewhere, or takes one away, or puts one where none belongs.
 * @param {Random} random
 * @param {Table} config
 * @param {boolean} knowsNull of the format
 * @returns {(string | number)[]} where
 */
function makeMistake(random, config, knowsNull) {
  const wrong = knowsNull
    ? WRONG
    : WRONG.filter((value) => !JSON.stringify(value).includes('null'));
  const { pick } = choices(random);
  const all = places(config);
  const path = all[random(all.length)];
  const key = path[path.length - 1];
  const holder = path.slice(0, -1).reduce((at, part) => at[part], /** @type {any} */ (config));
  const kind = random(5);
  if (kind === 0 && !Array.isArray(holder)) delete holder[key];
  else if (kind === 1 && !Array.isArray(holder)) holder[`extra_${random(3)}`] = pick(wrong);
  else holder[key] = structuredClone(pick(wrong));
  return path;
}

/** With comments, and commas behind the last. @param {Random} random @param {Table} config */
function jsonc(random, config) {
  return JSON.stringify(config, null, random(3))
    .split('\n')
    .map((line) =>
      random(4) === 0 && !/"[^"]*$/.test(line.replace(/"[^"]*"/g, '')) ? `${line} // "c", {` : line,
    )
    .join('\n')
    .replace(/\n/g, () => (random(8) === 0 ? '\n/* c\n } */' : '\n'))
    .replace(/(["\]}\w])(\s*\n\s*[\]}])/g, (whole, last, rest) =>
      random(2) ? `${last},${rest}` : whole,
    );
}

/** @param {Random} random @param {Table} config @param {string} name of the file */
function written(random, config, name) {
  if (name.endsWith('.toml')) {
    const text = stringify(config);
    // TOML's own dates are none for wrangler.
    return random(30) === 0 ? text.replace(/(_date = )"([\d-]+)"/, '$1$2') : text;
  }
  return random(2) ? jsonc(random, config) : JSON.stringify(config, null, 2);
}

/** @param {Random} random */
function variableFiles(random) {
  const { pick, chance } = choices(random);
  const names = [
    ...['.dev.vars', '.dev.vars.dev', '.dev.vars.production', '.env', '.env.local', '.env.dev'],
    ...['.env.dev.local', '.env.production', '.env.a.b', '.dev.vars.a.b'],
  ];
  const line = () =>
    pick([
      `FROM_FILE=${random(9)}`,
      `S1="quoted ${random(9)} # no comment"`,
      `V1='single $V2'`,
      'V2=${FROM_FILE}-x',
      'V3=${MISSING:-fallback}',
      'HOST=from the file',
      'export E1=exported # comment',
      'MULTI="a\nb"',
      'ESCAPED="a\\nb"',
      'DOLLAR=\\$V2',
      'EMPTY=',
      '  SPACED =  x  ',
      'TICK=`a"b`',
      'not a line',
      '# comment',
      'SELF=${SELF}!',
      'SAME=1',
      'B1=of a file',
      'X=$HOST and ${ONLY_HOST}',
    ]);
  const isWanted = chance(60);
  return Object.fromEntries(
    names
      .filter(() => isWanted && chance(25))
      .map((name) => [name, Array.from({ length: 1 + random(6) }, line).join('\n')]),
  );
}

/** Where files of one project lie: in its root or below it. @param {Random} random */
function layout(random) {
  const { pick, chance } = choices(random);
  const names = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
  /** @type {string[]} */
  const configs = [];
  const folders = ['', 'a/', 'a/b/'];
  const directory = pick(folders);
  const first = `${pick(folders.filter((folder) => directory.startsWith(folder)))}${pick(names)}`;
  if (chance(97)) configs.push(first);
  while (chance(20)) configs.push(`${pick(folders)}${pick(names)}`);
  return { configs: [...new Set(configs)], directory, folders };
}

/** @param {Random} random @param {string[]} folders @param {string[]} configs @returns {Record<string, string>} */
function redirectFiles(random, folders, configs) {
  const { pick, chance } = choices(random);
  const beside = pick(configs)?.replace(/[^/]*$/, '') ?? '';
  const folder = chance(80) ? beside : pick(folders);
  const target = pick([
    ...Array(4).fill('../../built.json'),
    '../../out/wrangler.json',
    '/nowhere.json',
  ]);
  const built = { ...section(random, makers(random), 20), ...buildMarks(random) };
  const redirect = pick([
    ...Array(4).fill(JSON.stringify({ configPath: target })),
    JSON.stringify({ configPath: target, auxiliaryWorkers: [] }),
    `{ "configPath": ${JSON.stringify(target)}, /* c */ }`,
    JSON.stringify({}),
    'no json',
  ]);
  /** @type {Record<string, string>} */
  const files = { [`${folder}.wrangler/deploy/config.json`]: redirect };
  if (target.startsWith('..'))
    files[`${folder}${target.replace('../../', '')}`] = JSON.stringify(built);
  return files;
}

/** @param {Random} random */
function buildMarks(random) {
  const { pick, partly } = choices(random);
  return partly(
    {
      definedEnvironments: ['dev'],
      targetEnvironment: pick(['dev', 'production']),
      topLevelName: 'app',
    },
    70,
  );
}

/** @param {Random} random @returns {ConfigCase} */
function configCase(random) {
  const { pick, chance, partly } = choices(random);
  const { configs, directory, folders } = layout(random);
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {ConfigCase['mistakes']} */
  const mistakes = {};
  /** @type {string[]} */
  const known = [];
  for (const name of configs) {
    const config = makeConfig(random);
    if (chance(40)) mistakes[name] = makeMistake(random, config, !name.endsWith('toml'));
    if (config.env) known.push(...Object.keys(config.env));
    files[name] = written(random, config, name);
    for (const [file, text] of Object.entries(variableFiles(random)))
      files[name.replace(/[^/]*$/, file)] = text;
  }
  if (chance(10)) Object.assign(files, redirectFiles(random, folders, configs));
  const env = chance(60) ? pick(known.length && chance(90) ? known : ENVIRONMENTS) : undefined;
  const isVariable = chance(20);
  const processEnv = partly(
    {
      HOST: 'host',
      ONLY_HOST: 'only',
      CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: pick(['true', 'false']),
      CLOUDFLARE_INCLUDE_PROCESS_ENV: pick(['true', 'false']),
    },
    20,
  );
  const existing = Object.keys(files).filter((name) => /\.(env|dev\.vars)/.test(name));
  return {
    files,
    mistakes,
    directory,
    ...(chance(15) && configs.length ? { config: pick(configs) } : {}),
    ...(env !== undefined && !isVariable ? { env } : {}),
    ...(chance(8) && existing.length ? { envFiles: [pick(existing).replace(/.*\//, '')] } : {}),
    processEnv:
      env !== undefined && isVariable ? { ...processEnv, CLOUDFLARE_ENV: env } : processEnv,
  };
}

module.exports = { configCase };
