// Temporary projects for the tests of configuration, building and the command line.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** @type {string[]} */
const made = [];

/**
 * @param {Record<string, string | Buffer | object>} files contents by path; objects are written as JSON
 * @returns {string} the directory
 */
function makeProject(files) {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-project-')));
  made.push(directory);
  writeFiles(directory, files);
  return directory;
}

/** @param {string} directory @param {Record<string, string | Buffer | object>} files */
function writeFiles(directory, files) {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const raw = typeof content === 'string' || Buffer.isBuffer(content);
    fs.writeFileSync(file, raw ? content : JSON.stringify(content, null, 2));
  }
}

function removeProjects() {
  for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true, force: true });
}

module.exports = { makeProject, removeProjects, writeFiles };
