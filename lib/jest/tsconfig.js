'use strict';
// compilerOptions: those of the tsconfig.json that a file belongs to, as far as they change what its code does (S8.2 `tsconfig`).

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const jsonc = require('jsonc-parser');

const kNames = [
  'alwaysStrict',
  'experimentalDecorators',
  'importsNotUsedAsValues',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'preserveValueImports',
  'strict',
  'target',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
];

/** @typedef {Record<string, any>} Options */
/** @typedef {{options: Options, pathsFrom: string}} Config `pathsFrom`: what its `paths` are relative to */

/** By directory. @type {Map<string, Config | undefined>} */
const known = new Map();

/** @param {string} file @returns {Options} */
function compilerOptions(file) {
  if (file.includes(`${path.sep}node_modules${path.sep}`)) return {};
  const options = configOf(path.dirname(file))?.options ?? {};
  return Object.fromEntries(
    kNames.filter((name) => name in options).map((name) => [name, options[name]]),
  );
}

/** @param {string} directory @returns {Config | undefined} */
function configOf(directory) {
  if (known.has(directory)) return known.get(directory);
  const file = path.join(directory, 'tsconfig.json');
  const above = path.dirname(directory);
  const config = fs.existsSync(file)
    ? read(file)
    : above === directory
      ? undefined
      : configOf(above);
  known.set(directory, config);
  return config;
}

/** @param {string} file @returns {Config} */
function read(file) {
  const { extends: bases = [], compilerOptions: own = {} } =
    jsonc.parse(fs.readFileSync(file, 'utf8'), [], { allowTrailingComma: true }) ?? {};
  /** @type {Config} */
  let result = { options: {}, pathsFrom: path.dirname(file) };
  for (const base of [bases].flat()) {
    const found = locate(base, file);
    if (found === undefined) continue;
    const { options, pathsFrom } = read(found);
    result = {
      options: { ...result.options, ...options },
      pathsFrom: 'paths' in options ? pathsFrom : result.pathsFrom,
    };
  }
  const directory = path.dirname(file);
  if ('paths' in own || 'baseUrl' in own)
    result.pathsFrom = path.resolve(directory, own.baseUrl ?? '.');
  return { options: { ...result.options, ...own }, pathsFrom: result.pathsFrom };
}

/** @param {string} name @param {string} from */
function locate(name, from) {
  const candidates = [name, `${name}.json`, `${name}/tsconfig.json`];
  for (const candidate of candidates) {
    if (/^[./]/.test(candidate)) {
      const file = path.resolve(path.dirname(from), candidate);
      if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
      continue;
    }
    try {
      return createRequire(from).resolve(candidate);
    } catch {
      // the next one
    }
  }
  return undefined;
}

/**
 * What `paths` make of an import.
 * @param {string} name
 * @param {string} directory of the importer
 * @returns {string[]} absolute paths to try
 */
function mappedPaths(name, directory) {
  const config = configOf(directory);
  if (config === undefined) return [];
  /** @type {Record<string, string[]>} */
  const paths = config.options.paths ?? {};
  const matches = Object.entries(paths)
    .map(([pattern, targets]) => ({ targets, pattern, rest: match(pattern, name) }))
    .filter(({ rest }) => rest !== undefined)
    .sort((a, b) => b.pattern.length - a.pattern.length);
  return (matches[0]?.targets ?? []).map((target) =>
    path.resolve(
      config.pathsFrom,
      target.replace('*', () => String(matches[0].rest)),
    ),
  );
}

/** @param {string} pattern @param {string} name @returns {string | undefined} what `*` stands for */
function match(pattern, name) {
  const [before, after] = pattern.split('*');
  if (after === undefined) return pattern === name ? '' : undefined;
  if (name.length < before.length + after.length) return undefined;
  if (!name.startsWith(before) || !name.endsWith(after)) return undefined;
  return name.slice(before.length, name.length - after.length);
}

module.exports = { compilerOptions, mappedPaths };
