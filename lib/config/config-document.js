// ConfigDocument: a parsed config file that still knows where each value stands.
'use strict';

const fs = require('node:fs');
const { ConfigError } = require('./config-error');
const { tomlPositions } = require('./toml-positions');
const { latePackage } = require('../late-package');

/** @type {() => typeof import('jsonc-parser')} */
const jsoncParser = latePackage('jsonc-parser');
/** @type {() => typeof import('smol-toml')} */
const smolToml = latePackage('smol-toml');

/** @typedef {(string | number)[]} KeyPath */
/** @typedef {Record<string, unknown>} Table */

class ConfigDocument {
  /** @type {(path: KeyPath) => import('./config-error').Place} */
  #locate;

  /**
   * @param {string} file
   * @param {Table} data
   * @param {(path: KeyPath) => {line?: number, column?: number}} locate
   */
  constructor(file, data, locate) {
    this.file = file;
    this.data = data;
    this.#locate = locate;
  }

  /** @param {KeyPath} path @returns {{line?: number, column?: number}} */
  place(path) {
    return this.#locate(path);
  }

  /**
   * The error of a value: points at it, or at the nearest thing around it that has a place.
   * @param {KeyPath} path
   * @param {string} problem
   * @returns {InstanceType<typeof ConfigError>}
   */
  error(path, problem) {
    for (let length = path.length; length > 0; length--) {
      const place = this.#locate(path.slice(0, length));
      if (place.line) return new ConfigError(problem, { file: this.file, ...place });
    }
    return new ConfigError(problem, { file: this.file });
  }
}

/**
 * @param {string} file absolute; the extension decides the format
 * @returns {ConfigDocument}
 * @throws {ConfigError} unreadable, or not well formed
 */
function readConfigDocument(file) {
  /** @type {string} */
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`cannot be read: ${/** @type {Error} */ (error).message}`, { file });
  }
  return parseConfigDocument(file, text.replace(/^\uFEFF/, ''));
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {ConfigDocument}
 */
function parseConfigDocument(file, text) {
  const document = file.endsWith('.toml') ? parseToml(file, text) : parseJson(file, text);
  if (!isTable(document.data)) throw new ConfigError('should be an object.', { file, line: 1 });
  return document;
}

/** @param {string} file @param {string} text */
function parseToml(file, text) {
  const toml = smolToml();
  /** @type {Table} */
  let data;
  try {
    data = /** @type {Table} */ (toml.parse(text));
  } catch (error) {
    if (!(error instanceof toml.TomlError)) throw error;
    const problem = error.message.split('\n')[0].replace(/^Invalid TOML document: /, '');
    throw new ConfigError(problem, { file, line: error.line, column: error.column });
  }
  const lines = tomlPositions(text);
  return new ConfigDocument(file, data, (path) => ({ line: lines.get(JSON.stringify(path)) }));
}

/** @param {string} file @param {string} text */
function parseJson(file, text) {
  const data = plainJson(text);
  if (data === undefined) return locateJson(file, text);
  // Its places are asked for when something is wrong.
  /** @type {ConfigDocument | undefined} */
  let located;
  return new ConfigDocument(file, /** @type {Table} */ (data), (path) =>
    (located ??= locateJson(file, text)).place(path),
  );
}

/** A string, or a comment. */
const kComments = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n\r]*|\/\*[^]*?\*\//g;
/** A string, or a comma behind the last value of an object or array. */
const kLastCommas = /"(?:[^"\\\n]|\\.)*"|(?<=[\]}"\w][ \t\n\r]*),(?=[ \t\n\r]*[\]}])/g;

/**
 * What needs no parser but the language's: JSON, when comments and then last commas are taken away.
 * @param {string} text
 * @returns {unknown} undefined: it takes the parser, which knows what is wrong
 */
function plainJson(text) {
  const without = (/** @type {string} */ part) => (part.startsWith('"') ? part : ' ');
  try {
    return JSON.parse(text.replace(kComments, without).replace(kLastCommas, without));
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string} text */
function locateJson(file, text) {
  const jsonc = jsoncParser();
  const place = (/** @type {number} */ offset) => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: before[before.length - 1].length + 1 };
  };
  /** @type {import('jsonc-parser').ParseError[]} */
  const errors = [];
  const tree = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !tree) {
    const problem = tree ? describeJsonError(errors[0]) : 'is empty.';
    throw new ConfigError(problem, { file, ...place(errors[0]?.offset ?? 0) });
  }
  return new ConfigDocument(file, jsonc.getNodeValue(tree), (path) => {
    const node = jsonc.findNodeAtLocation(tree, path);
    return node ? place(node.offset) : {};
  });
}

/** @param {import('jsonc-parser').ParseError} error */
function describeJsonError({ error }) {
  const name = jsoncParser().printParseErrorCode(error);
  return `${name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/^Expected$/, 'unexpected text')}.`;
}

/**
 * @param {unknown} value
 * @returns {value is Table}
 */
function isTable(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

module.exports = { ConfigDocument, isTable, parseConfigDocument, readConfigDocument };
