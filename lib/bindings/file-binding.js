'use strict';
// readFileBinding: what a file of `wasm_modules`, `text_blobs` or `data_blobs` is to the Worker (spec S9.1.1). Read at each start.

const fs = require('node:fs');
const { ConfigError } = require('../config/config-error');

/** TypeScript's library for Node does not know it. @type {any} */
const wasm = Reflect.get(globalThis, 'WebAssembly');

/**
 * @param {import('../config/bindings/file-bindings').FileBinding} binding
 * @returns {string | ArrayBuffer | object} a `WebAssembly.Module` of the process
 * @throws {ConfigError} it cannot be read, or is no WebAssembly
 */
function readFileBinding({ kind, file }) {
  try {
    const bytes = new Uint8Array(fs.readFileSync(file));
    if (kind === 'wasm_modules') return new wasm.Module(bytes);
    return kind === 'text_blobs'
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      : bytes.buffer;
  } catch (error) {
    throw new ConfigError(`is named in "${kind}": ${/** @type {Error} */ (error).message}`, {
      file,
    });
  }
}

module.exports = { readFileBinding };
