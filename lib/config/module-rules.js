// readModuleRules: which files are imported as text, bytes or WebAssembly (`rules`, S8.2, S9.3.2).
'use strict';

const { isTable } = require('./config-document');
const { globToRegExp } = require('./glob');

/** @typedef {'ESModule' | 'CommonJS' | 'CompiledWasm' | 'Text' | 'Data' | 'PythonModule' | 'PythonRequirement'} ModuleType */
/** @typedef {{type: ModuleType, globs: string[], patterns: RegExp[]}} ModuleRule */

const TYPES = new Set([
  ...['ESModule', 'CommonJS', 'CompiledWasm', 'Text', 'Data'],
  // Such a file cannot be imported here; the build says so.
  ...['PythonModule', 'PythonRequirement'],
]);

/** @type {{type: ModuleType, globs: string[], fallthrough: boolean}[]} */
const DEFAULT_RULES = [
  { type: 'Text', globs: ['**/*.txt', '**/*.html', '**/*.sql'], fallthrough: true },
  { type: 'Data', globs: ['**/*.bin'], fallthrough: true },
  { type: 'CompiledWasm', globs: ['**/*.wasm', '**/*.wasm?module'], fallthrough: true },
];

/**
 * The rules of a config, then the default ones; after a rule without `fallthrough` the rest of its type does not count.
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @returns {ModuleRule[]}
 * @throws {import('./config-error').ConfigError}
 */
function readModuleRules(section) {
  const value = section.data.rules ?? [];
  if (!Array.isArray(value))
    throw section.error(
      ['rules'],
      `The field "rules" should be an array, but got ${JSON.stringify(value)}.`,
    );
  value.forEach((rule, index) => checkRule(section, rule, index));
  const complete = new Set();
  const rules = [];
  for (const { type, globs, fallthrough } of [...value, ...DEFAULT_RULES]) {
    if (complete.has(type)) continue;
    if (fallthrough !== true) complete.add(type);
    rules.push({ type, globs, patterns: globs.map(globToRegExp) });
  }
  return rules;
}

/**
 * @param {InstanceType<typeof import('./environment').Section>} section
 * @param {unknown} rule
 * @param {number} index
 */
function checkRule(section, rule, index) {
  const fail = (/** @type {string} */ problem) =>
    section.error(['rules', index], `"rules[${index}]" ${problem}`);
  if (!isTable(rule)) throw fail('should be an object.');
  const { type, globs, fallthrough } = rule;
  if (typeof type !== 'string' || !TYPES.has(type))
    throw fail(`should have a "type" of ${[...TYPES].join(', ')}.`);
  if (!Array.isArray(globs) || !globs.every((glob) => typeof glob === 'string')) {
    throw fail('should have "globs", an array of strings.');
  }
  if (fallthrough !== undefined && typeof fallthrough !== 'boolean')
    throw fail('should have a boolean "fallthrough".');
}

/**
 * @param {readonly ModuleRule[]} rules
 * @param {string} path relative to the project, with `/`
 * @returns {ModuleType | undefined}
 */
function moduleType(rules, path) {
  return rules.find(({ patterns }) => patterns.some((pattern) => pattern.test(path)))?.type;
}

module.exports = { moduleType, readModuleRules };
