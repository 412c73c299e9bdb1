'use strict';

// The native sources as the tidy tests see them. Folders that do not exist have no files.

const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');

/**
 * @param {string} folder relative to the project's root
 * @param {RegExp} name of the files wanted
 * @returns {string[]} paths relative to the root, sorted
 */
function filesUnder(folder, name) {
  if (!fs.existsSync(path.join(root, folder))) return [];
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * @param {string} file relative to the root
 * @returns {string}
 */
function read(file) {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

/**
 * Blanks comments and the insides of string and character literals, line by line as they were.
 * @param {string} source C++
 * @returns {string}
 */
function codeOnly(source) {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"(\w*)\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'/g;
  return source.replace(token, (text) => {
    const kept = text.replace(/[^\n]/g, ' ');
    return text.startsWith('/') ? kept : `"${kept.slice(1, -1)}"`;
  });
}

/**
 * @param {string} source C++
 * @returns {{path: string, line: number}[]} what it includes, quotes and angle brackets alike
 */
function includesOf(source) {
  return source.split('\n').flatMap((text, index) => {
    const match = /^\s*#\s*include\s+["<]([^">]+)[">]/.exec(text);
    return match ? [{ path: match[1], line: index + 1 }] : [];
  });
}

/** @returns {string[]} every C++ file of native/ */
function nativeFiles() {
  return filesUnder('native', /\.(h|cc)$/);
}

module.exports = { codeOnly, filesUnder, includesOf, nativeFiles, read, root };
