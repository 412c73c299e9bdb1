// tomlPositions: on which line of a TOML text each key stands.
//
// The TOML parser gives values without places. This scan knows table headers, arrays of tables and `key =` lines; a key
// inside an inline table or a multi-line array is reported at the line of the key that holds it. It is only used to say
// where an error is, and only after the text parsed, so it need not understand values.
'use strict';

const HEADER = /^\s*\[(\[?)\s*([^\]]+?)\s*\]/;
const KEY =
  /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/;
const PART = /"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)/g;

/**
 * @param {string} text
 * @returns {Map<string, number>} from `JSON.stringify(path)` to the line, which counts from 1
 */
function tomlPositions(text) {
  /** @type {Map<string, number>} */
  const lines = new Map();
  /** @type {Map<string, number>} how many tables of an array were seen */
  const counts = new Map();
  /** @type {(string | number)[]} */
  let table = [];
  text.split('\n').forEach((line, index) => {
    const header = HEADER.exec(line);
    if (header) {
      table = openTable(header[2], header[1] === '[', counts);
      remember(lines, table, index + 1);
      return;
    }
    const key = KEY.exec(line);
    if (key) remember(lines, [...table, ...parts(key[1])], index + 1);
  });
  return lines;
}

/**
 * @param {string} name
 * @param {boolean} isArray
 * @param {Map<string, number>} counts
 */
function openTable(name, isArray, counts) {
  const names = parts(name);
  /** @type {(string | number)[]} */
  const path = [];
  names.forEach((part, index) => {
    path.push(part);
    const key = JSON.stringify(path);
    if (isArray && index === names.length - 1) counts.set(key, (counts.get(key) ?? 0) + 1);
    const count = counts.get(key);
    if (count !== undefined) path.push(count - 1);
  });
  return path;
}

/**
 * @param {Map<string, number>} lines
 * @param {(string | number)[]} path
 * @param {number} line
 */
function remember(lines, path, line) {
  for (let length = 1; length <= path.length; length++) {
    const key = JSON.stringify(path.slice(0, length));
    if (!lines.has(key)) lines.set(key, line);
  }
}

/** @param {string} dotted */
function parts(dotted) {
  return [...dotted.matchAll(PART)].map((match) => match[1] ?? match[2] ?? match[3]);
}

module.exports = { tomlPositions };
