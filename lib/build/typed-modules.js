// Imports of text, bytes and WebAssembly, chosen by the project's `rules` (S8.2, S9.3.2).
//
// Text becomes a string. Data becomes an ArrayBuffer and `.wasm` a WebAssembly.Module; both are read from a copy of the
// file beside the bundle when the bundle is loaded.
'use strict';

const { readFile } = require('node:fs/promises');
const path = require('node:path');
const { moduleType } = require('../config/module-rules');

/** Marks the import of a file that is copied beside the bundle. */
const COPY_PREFIX = 'holdfast-copy:';
const TYPES = new Set(['Text', 'Data', 'CompiledWasm', 'PythonModule', 'PythonRequirement']);

/**
 * @param {readonly import('../config/module-rules').ModuleRule[]} rules
 * @param {string} projectDir
 * @returns {import('esbuild').Plugin}
 */
function typedModules(rules, projectDir) {
  const relevant = rules.filter(({ type }) => TYPES.has(type));
  /** @param {string} file */
  const typeOf = (file) => moduleType(rules, path.relative(projectDir, file).split(path.sep).join('/'));
  return {
    name: 'typed-modules',
    setup(build) {
      build.onResolve({ filter: /\?module$/ }, ({ path: name, importer, kind, resolveDir }) =>
        build.resolve(name.replace(/\?module$/, ''), { importer, kind, resolveDir }),
      );
      build.onResolve({ filter: new RegExp(`^${COPY_PREFIX}`) }, ({ path: name }) => ({
        path: name.slice(COPY_PREFIX.length),
        namespace: 'holdfast-copy',
      }));
      build.onLoad({ filter: /.*/, namespace: 'holdfast-copy' }, async ({ path: file }) => ({
        contents: await readFile(file),
        loader: 'file',
      }));
      build.onLoad({ filter: nameFilter(relevant), namespace: 'file' }, async ({ path: file }) => {
        const type = typeOf(file);
        if (type === 'Text') return { contents: await readFile(file), loader: 'text' };
        if (type === 'PythonModule' || type === 'PythonRequirement')
          return { errors: [{ text: `holdfast does not run Python: ${file} cannot be imported.` }] };
        if (type === 'Data' || type === 'CompiledWasm') return { contents: moduleSource(file, type) };
        return undefined;
      });
    },
  };
}

/**
 * Only files that some rule may match are sent through the plugin, as each such file costs a trip to the bundler.
 * @param {readonly import('../config/module-rules').ModuleRule[]} rules
 */
function nameFilter(rules) {
  const extensions = rules.flatMap(({ globs }) => globs.map((glob) => /\*(\.\w+)$/.exec(glob)?.[1]));
  const known = extensions.filter((extension) => extension !== undefined);
  const complete = rules.every(({ globs }) => globs.every((glob) => /\*\.\w+(\?module)?$/.test(glob)));
  if (!complete) return /.*/;
  return new RegExp(`(${known.map((extension) => `\\${extension}`).join('|')})$`);
}

/**
 * @param {string} file
 * @param {'Data' | 'CompiledWasm'} type
 */
function moduleSource(file, type) {
  const value =
    type === 'Data'
      ? 'bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)'
      : 'new WebAssembly.Module(bytes)';
  return `
    import { readFileSync } from 'node:fs';
    import file from ${JSON.stringify(COPY_PREFIX + file)};
    const bytes = readFileSync(new URL(file, import.meta.url));
    export default ${value};
  `;
}

module.exports = { typedModules };
