'use strict';
// attachedValue: what a file that is no code exports to a project under test, as its `rules` say (S8.2, S9.3.2).

const path = require('node:path');
const { moduleType } = require('../../config/module-rules');

/**
 * @param {import('../../config/load-config').ResolvedConfig} resolved
 * @param {string} file absolute
 * @param {string} read an expression that gives the bytes as a Buffer
 * @param {string} [text] one that gives them as text, where that is at hand
 * @returns {string | undefined} an expression; undefined: the file is code
 * @throws {Error} for what cannot run here
 */
function attachedValue({ build: { rules }, projectDir }, file, read, text = `${read}.toString()`) {
  switch (moduleType(rules, path.relative(projectDir, file).split(path.sep).join('/'))) {
    case undefined:
    case 'ESModule':
    case 'CommonJS':
      return undefined;
    case 'Text':
      return text;
    case 'CompiledWasm':
      return `new WebAssembly.Module(${read})`;
    case 'Data':
      return `new Uint8Array(${read}).buffer`;
    default:
      throw new Error(`holdfast does not run Python: ${file} cannot be imported.`);
  }
}

module.exports = { attachedValue };
