// readAssets: `assets` of a config (S8.5.4), with wrangler's texts.
'use strict';

const path = require('node:path');
const { isTable } = require('./config-document');

/**
 * @typedef {object} AssetSettings
 * @property {string} directory absolute
 * @property {string} [binding] the property of `env`
 * @property {'auto-trailing-slash' | 'force-trailing-slash' | 'drop-trailing-slash' | 'none'} htmlHandling
 * @property {'none' | '404-page' | 'single-page-application'} notFoundHandling
 * @property {boolean | {worker: string[], assets: string[]}} workerFirst true: always; patterns: for the paths of `worker` that are none of `assets`
 * @property {string} basePath begins and ends with a slash
 */

const kChoices = {
  html_handling: ['auto-trailing-slash', 'force-trailing-slash', 'drop-trailing-slash', 'none'],
  not_found_handling: ['single-page-application', '404-page', 'none'],
};
const kWorkerFirst = 'run_worker_first';
const kRulesMax = 100;
const kRuleCharactersMax = 100;

/** @typedef {InstanceType<typeof import('./environment').Section>} Section */

/**
 * @param {Section} section
 * @param {string} projectDir
 * @param {object} project
 * @param {boolean} project.hasCode
 * @returns {AssetSettings | undefined} undefined also without a directory, which build tools may know alone
 */
function readAssets(section, projectDir, { hasCode }) {
  const assets = checkAssets(section);
  if (assets === undefined) return undefined;
  const fail = failAt(section);
  if (section.data.site !== undefined)
    throw fail('A Worker has "assets" or "site" (Workers Sites), not both. Remove one of them.');
  const { directory, binding } = /** @type {Record<string, string | undefined>} */ (assets);
  if (directory === undefined) return undefined;
  if (directory === '') throw fail('The assets directory cannot be an empty string.', 'directory');
  const workerFirst = readWorkerFirst(assets.run_worker_first, fail);
  if (workerFirst && !hasCode)
    throw fail(
      '"run_worker_first" is set, but there is no Worker: name it as "main", or remove this.',
      kWorkerFirst,
    );
  return {
    directory: path.resolve(projectDir, directory),
    binding,
    htmlHandling: /** @type {any} */ (assets.html_handling ?? 'auto-trailing-slash'),
    notFoundHandling: /** @type {any} */ (assets.not_found_handling ?? 'none'),
    workerFirst,
    basePath: readBasePath(String(assets.base_path ?? '/'), fail),
  };
}

/** @param {Section} section */
const failAt =
  (section) =>
  (/** @type {string} */ text, /** @type {string[]} */ ...keys) =>
    section.error(['assets', ...keys], text);

/**
 * The shape of the values alone.
 * @param {Section} section
 * @returns {import('./config-document').Table | undefined}
 * @throws {import('./config-error').ConfigError}
 */
function checkAssets(section) {
  const { assets } = section.data;
  if (assets === undefined) return undefined;
  const fail = failAt(section);
  if (!isTable(assets)) {
    throw fail(
      `"assets" should be an object, but got value ${JSON.stringify(assets)} of type ${typeof assets}`,
    );
  }
  for (const key of ['directory', 'binding', 'base_path', ...Object.keys(kChoices)]) {
    const value = assets[key];
    if (value === undefined || typeof value === 'string') continue;
    throw fail(
      `Expected "assets.${key}" to be of type string but got ${JSON.stringify(value)}.`,
      key,
    );
  }
  for (const [key, choices] of Object.entries(kChoices)) {
    if (assets[key] === undefined || choices.includes(String(assets[key]))) continue;
    throw fail(
      `Expected "assets.${key}" field to be one of ${JSON.stringify(choices)} but got ${JSON.stringify(assets[key])}.`,
      key,
    );
  }
  const { [kWorkerFirst]: first } = assets;
  if (first !== undefined && typeof first !== 'boolean' && !isRules(first)) {
    throw fail(
      `The field "assets.${kWorkerFirst}" should be an array of strings or a boolean, but got ${JSON.stringify(first)}.`,
      kWorkerFirst,
    );
  }
  return assets;
}

/** @param {unknown} value @returns {value is string[]} */
const isRules = (value) => Array.isArray(value) && value.every((rule) => typeof rule === 'string');

/**
 * @param {unknown} value
 * @param {(text: string, ...keys: string[]) => Error} fail
 */
function readWorkerFirst(value, fail) {
  if (!isRules(value)) return value === true;
  const problem = rulesProblem(value);
  if (problem !== undefined) throw fail(problem, kWorkerFirst);
  return {
    worker: value.filter((rule) => !rule.startsWith('!')),
    assets: value.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1)),
  };
}

/** @param {string[]} rules @returns {string | undefined} */
function rulesProblem(rules) {
  const name = '`run_worker_first` rules were provided;';
  if (rules.length === 0) return `No ${name} must provide at least 1 rule.`;
  if (rules.length > kRulesMax)
    return `Too many ${name} ${rules.length} rules provided exceeds max of ${kRulesMax}.`;
  const misplaced = rules.filter((rule) => !/^!?\//.test(rule));
  const [negative, positive] = [true, false].map((isNegative) =>
    rules.filter((rule) => /^!?\//.test(rule) && rule.startsWith('!') === isNegative),
  );
  if (negative.length > 0 && positive.length === 0)
    return `Only negative ${name} must provide at least 1 non-negative rule`;
  const problems = [
    ...misplaced.map((rule) =>
      rule.startsWith('!')
        ? `'${rule}': negative rules must start with '!/'`
        : `'${rule}': rules must start with '/' or '!/'`,
    ),
    ...[positive, negative].flatMap(listProblems),
  ];
  if (problems.length > 0) return ['Invalid routes in `run_worker_first`:', ...problems].join('\n');
  return undefined;
}

/** @param {string[]} rules of one kind */
function listProblems(rules) {
  return rules.flatMap((rule, index) => [
    ...(rule.length > kRuleCharactersMax
      ? [`'${rule}': all rules must be less than ${kRuleCharactersMax} characters in length`]
      : []),
    ...(rules.indexOf(rule) < index
      ? [`'${rule}': rule is a duplicate; rules must be unique`]
      : []),
    ...rules
      .filter(
        (other) => rule.endsWith('*') && other !== rule && other.startsWith(rule.slice(0, -1)),
      )
      .map((other) => `'${other}': rule '${rule}' makes it redundant`),
  ]);
}

/** @param {string} value @param {(text: string, ...keys: string[]) => Error} fail @returns {string} */
function readBasePath(value, fail) {
  const problem = basePathProblem(value);
  if (problem !== undefined) throw fail(`Invalid assets base_path: ${problem}`, 'base_path');
  /** @type {string[]} */
  const segments = [];
  for (const segment of value.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.length === 0 ? '/' : `/${segments.join('/')}/`;
}

/** @param {string} value */
function basePathProblem(value) {
  if (value === '') return 'The value must not be empty.';
  if (/^(\/\/|[a-z][a-z\d+.-]*:)/i.test(value)) return 'The value must be a pathname, not a URL.';
  if (value.includes('\\')) return 'The value must not contain backslashes.';
  if (/\p{Cc}/u.test(value)) return 'The value must not contain control characters.';
  if (/[?#]/.test(value)) return 'The value must not contain query strings or fragments.';
  if (value.includes('%')) return 'The value must not contain percent-encoded sequences.';
  return undefined;
}

/**
 * A binding to assets whose directory is not known.
 * @param {Section} section
 * @returns {import('./unsupported-bindings').UnsupportedBinding[]}
 */
function unknownAssets({ data: { assets } }) {
  if (!isTable(assets) || assets.directory !== undefined) return [];
  const missing = 'the configuration of the assets names no directory';
  return typeof assets.binding === 'string'
    ? [{ kind: 'assets', name: assets.binding, missing }]
    : [];
}

/**
 * A project for `@cloudflare/vite-plugin` has it like this: its build says where the files are.
 * @param {Section} section
 * @param {Record<string, unknown>} given bindings that the caller brings
 * @returns {string[]} one line, or none
 */
function assetWarnings({ data: { assets } }, given) {
  if (!isTable(assets) || assets.directory !== undefined) return [];
  if (Object.hasOwn(given, String(assets.binding))) return [];
  const use =
    typeof assets.binding === 'string' ? ` and env.${assets.binding} throws when used` : '';
  return [
    `"assets" names no directory: no file is served${use}. Where a build tool says which it is (Vite), run its build first.`,
  ];
}

module.exports = { assetWarnings, checkAssets, readAssets, unknownAssets };
