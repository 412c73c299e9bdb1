// readFileBindings: `wasm_modules`, `text_blobs` and `data_blobs` of a config: files that Service Worker syntax has as globals (S9.1.1).
'use strict';

const path = require('node:path');
const { isTable } = require('../config-document');

/** @typedef {'wasm_modules' | 'text_blobs' | 'data_blobs'} FileKind */
/** @typedef {{name: string, kind: FileKind, file: string}} FileBinding `file` is absolute; a build command may make it */

const KINDS = /** @type {const} */ (['wasm_modules', 'text_blobs', 'data_blobs']);

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @param {string} projectDir
 * @returns {FileBinding[]}
 * @throws {import('../config-error').ConfigError}
 */
function readFileBindings(section, projectDir) {
  return KINDS.flatMap((kind) => {
    const { [kind]: table = {} } = section.data;
    if (!isTable(table))
      throw section.error(
        [kind],
        `The field "${kind}" should be an object, but got ${JSON.stringify(table)}.`,
      );
    return Object.entries(table).map(([name, value]) => {
      const field = `${kind}['${name}']`;
      if (typeof value !== 'string')
        throw section.error(
          [kind, name],
          `Expected "${field}" to be of type string but got ${JSON.stringify(value)}.`,
        );
      return { name, kind, file: path.resolve(projectDir, value) };
    });
  });
}

module.exports = { readFileBindings };
