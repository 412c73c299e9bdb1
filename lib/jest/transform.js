'use strict';
// The transform of `holdfast/jest`: TypeScript, JSX and ES modules become CommonJS, with source maps; text, bytes and WebAssembly
// become modules as the project's `rules` say (S9.3.2); and every module gets the globals of Workers (lib/testing/kit/scope-header.js).

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { BuildError } = require('../build/build-error');
const { attachedValue } = require('../testing/kit/attached-module');
const { scopeHeader } = require('../testing/kit/scope-header');
const { hoistMocks } = require('./hoist');
const { kitOptions } = require('../testing/kit/kit-options');
const { compilerOptions } = require('./tsconfig');
const { version } = require('../../package.json');

/** @typedef {{code: string, map?: object | null}} Transformed */

/** This package's own modules run as they are. */
const OWN = path.join(__dirname, '..') + path.sep;
const ES_MODULE = "Object.defineProperty(exports, '__esModule', { value: true });";
const DIRECTIVE = '"use strict";';
const META_URL = 'holdfastMetaUrl';
/** @type {Record<string, import('esbuild').Loader>} */
const LOADERS = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' };
/** A statement that only an ES module has. */
const ES_SYNTAX =
  /^[ \t]*(?:import(?:\s+[\w$*{]|\s*["'{*])|export\s*[{*]|export\s+(?:default|const|let|var|function|class|async|enum|type|interface|abstract|declare|namespace)\b)/m;

/**
 * @param {string} source
 * @param {string} file
 * @param {any} options of Jest
 * @returns {Transformed}
 */
function transform(source, file, { config }) {
  if (file.startsWith(OWN) || file.endsWith('.json')) return { code: source };
  const { resolved } = kitOptions(config.testEnvironmentOptions, config.rootDir);
  const { define } = resolved.build;
  const read = `require('node:fs').readFileSync(${JSON.stringify(file)})`;
  const attached = attachedValue(resolved, file, read, JSON.stringify(source));
  if (attached !== undefined) return { code: `${ES_MODULE} exports.default = ${attached};` };
  const isPackage = file.includes(`${path.sep}node_modules${path.sep}`);
  if (isPackage && !needsCompiling(source, file)) return wrap(source.replace(/^#!.*/, ''));
  const { code, map, head } = compile(source, file, define);
  const [hoisted, hoistedMap] = hoistMocks(code, map, file, config.rootDir);
  return withMap(wrap(`${head}\n${hoisted}`).code, hoistedMap);
}

/** Whether it is more than CommonJS. @param {string} source @param {string} file */
const needsCompiling = (source, file) => !/\.c?js$/.test(file) || ES_SYNTAX.test(source);

/**
 * @param {string} source
 * @param {string} file
 * @param {Record<string, string> | undefined} define
 */
function compile(source, file, define) {
  const usesMeta = source.includes('import.meta');
  const { code, map } = attempt(file, () =>
    esbuild.transformSync(source, {
      loader: LOADERS[path.extname(file)] ?? 'jsx',
      format: 'cjs',
      target: `node${process.versions.node}`,
      platform: 'node',
      supported: { 'dynamic-import': false }, // Jest's own would need a flag of Node
      sourcemap: 'external',
      sourcesContent: true,
      // Of what is called .mjs the bundler would take a default import as Node does, and not find that of another such module.
      sourcefile: file.replace(/\.m([jt]s)$/, '.$1'),
      charset: 'utf8',
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: compilerOptions(file) },
      define: { ...define, ...(usesMeta ? { 'import.meta.url': META_URL } : {}) },
    }),
  );
  const isStrict = ES_SYNTAX.test(source) || code.startsWith(DIRECTIVE);
  const url = `const ${META_URL} = require('node:url').pathToFileURL(__filename).href;`;
  const head = `${isStrict ? DIRECTIVE : ''}${usesMeta ? url : ''}`;
  return { code, map: JSON.stringify({ ...JSON.parse(map), sources: [file] }), head };
}

/**
 * Errors of the bundler as one message with the place and the line.
 * @template T
 * @param {string} file
 * @param {() => T} run
 * @returns {T}
 */
function attempt(file, run) {
  try {
    return run();
  } catch (error) {
    const { errors } = /** @type {Partial<import('esbuild').TransformFailure>} */ (error);
    if (!errors?.length) throw error;
    const located = errors.map((one) => ({
      ...one,
      location: one.location && { ...one.location, file },
    }));
    const { message } = new BuildError(located, path.dirname(file));
    throw Object.assign(new Error(message), { stack: message });
  }
}

/** Its lines stay where they are. @param {string} code @returns {Transformed} */
function wrap(code) {
  const around = scopeHeader(code);
  return { code: around ? around.head + code + around.tail : code };
}

/**
 * With its map, for debuggers in it, too. Jest instruments for coverage with a map that is an object, and not otherwise.
 * @param {string} code one line longer than what the map is of
 * @param {string} map
 * @returns {Transformed}
 */
function withMap(code, map) {
  const { mappings, ...rest } = JSON.parse(map);
  const shifted = { ...rest, mappings: `;${mappings}` };
  const inline = Buffer.from(JSON.stringify(shifted)).toString('base64');
  return {
    code: `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${inline}`,
    map: shifted,
  };
}

/**
 * What the result depends on, besides the file.
 * @param {string} source
 * @param {string} file
 * @param {any} options of Jest
 */
function cacheKey(source, file, { config, configString, instrument }) {
  const hash = crypto.createHash('sha256');
  const { resolved } = kitOptions(config.testEnvironmentOptions, config.rootDir);
  const settings = [resolved.build.rules, resolved.build.define];
  for (const part of [
    version,
    ownCode,
    process.versions.node,
    esbuild.version,
    file,
    source,
    configString,
    String(instrument),
    JSON.stringify(settings),
    JSON.stringify(compilerOptions(file)),
  ])
    hash.update(part).update('\0');
  return hash.digest('hex');
}

/** A checkout of this package changes without its version. */
const ownCode = [
  __filename,
  require.resolve('./hoist'),
  require.resolve('../testing/kit/attached-module'),
  require.resolve('../testing/kit/scope-header'),
]
  .map((file) => fs.readFileSync(file, 'utf8'))
  .join('');

module.exports = { process: transform, getCacheKey: cacheKey };
