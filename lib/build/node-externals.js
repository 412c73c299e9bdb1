// What stays outside the bundle and is loaded by Node: its own modules, compiled addons, and packages that have one.
//
// A bundle is loaded from another place than the package's importer, so an external package is named by the absolute
// path of the file that Node would load for that importer.
'use strict';

const fs = require('node:fs');
const { builtinModules, createRequire } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { findPackage, isNativePackage, packageName } = require('./native-packages');

const BUILTINS = new Set(builtinModules);
const ADDON_NAMESPACE = 'holdfast-addon';

/**
 * @param {string} projectDir Its package.json may name more such packages: `"holdfast": {"external": ["name"]}`.
 * @returns {import('esbuild').Plugin}
 */
function nodeExternals(projectDir) {
  const listed = listedExternals(projectDir);
  /** @type {Map<string, boolean>} */
  const native = new Map();
  /** @param {string} directory */
  const isNative = (directory) => {
    let known = native.get(directory);
    if (known === undefined) native.set(directory, (known = isNativePackage(directory)));
    return known;
  };
  return {
    name: 'node-externals',
    setup(build) {
      build.onResolve({ filter: /^node:/ }, ({ path: name }) => ({ path: name, external: true }));
      // The addon becomes a module that requires the file, and that import is external.
      build.onResolve({ filter: /\.node$/ }, ({ path: name, resolveDir, namespace }) => {
        if (namespace === ADDON_NAMESPACE) return { path: name, external: true };
        if (!name.startsWith('.') && !path.isAbsolute(name)) return undefined;
        return { path: path.resolve(resolveDir, name), namespace: ADDON_NAMESPACE };
      });
      build.onLoad({ filter: /.*/, namespace: ADDON_NAMESPACE }, ({ path: file }) => ({
        contents: `module.exports = require(${JSON.stringify(file)});`,
      }));
      build.onResolve({ filter: /^[^./]/ }, ({ path: name, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (BUILTINS.has(name)) return { path: `node:${name}`, external: true };
        const packageOf = packageName(name);
        const directory = packageOf && findPackage(packageOf, resolveDir);
        if (!packageOf || !directory) return undefined;
        if (!listed.has(packageOf) && !isNative(directory)) return undefined;
        return { path: externalPath(name, resolveDir, kind), external: true };
      });
    },
  };
}

/** @param {string} projectDir @returns {Set<string>} */
function listedExternals(projectDir) {
  try {
    const text = fs.readFileSync(path.join(projectDir, 'package.json'), 'utf8');
    return new Set(JSON.parse(text).holdfast?.external ?? []);
  } catch {
    return new Set();
  }
}

/**
 * @param {string} name
 * @param {string} resolveDir
 * @param {string} kind
 */
function externalPath(name, resolveDir, kind) {
  try {
    const file = createRequire(path.join(resolveDir, 'importer.js')).resolve(name);
    return kind === 'require-call' || kind === 'require-resolve' ? file : pathToFileURL(file).href;
  } catch {
    // Packages that can only be imported: Node finds them from the bundle, which lies inside the project.
    return name;
  }
}

module.exports = { nodeExternals };
