// isNativePackage: does an npm package have a compiled part, so that Node must load it from where it is installed?
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** What such packages use to find or build their compiled part. */
const LOADERS = new Set([
  '@mapbox/node-pre-gyp',
  'bindings',
  'cmake-js',
  'nan',
  'node-addon-api',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'node-pre-gyp',
  'prebuild-install',
  'prebuildify',
]);
/** Packages of compiled parts, one per platform, are optional dependencies named like this. */
const PLATFORM_PACKAGE = /[-/](linux|darwin|win32)-(x64|arm64)/;

/**
 * @param {string} directory of the package
 * @returns {boolean}
 */
function isNativePackage(directory) {
  /** @type {any} */
  let manifest;
  try {
    manifest = JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8'));
  } catch {
    return false;
  }
  if (manifest.gypfile === true || manifest.binary || manifest.napi) return true;
  if (String(manifest.main ?? '').endsWith('.node')) return true;
  if (Object.keys(manifest.dependencies ?? {}).some((name) => LOADERS.has(name))) return true;
  if (Object.keys(manifest.optionalDependencies ?? {}).some((name) => PLATFORM_PACKAGE.test(name))) return true;
  return ['binding.gyp', 'prebuilds', 'build/Release'].some((name) => fs.existsSync(path.join(directory, name)));
}

/**
 * @param {string} specifier
 * @returns {string | undefined} `name` or `@scope/name`; undefined when it names no package
 */
function packageName(specifier) {
  return /^(@[^/@\s:]+\/[^/@\s:]+|[^./@#\s:][^/\s:]*)/.exec(specifier)?.[1];
}

/**
 * @param {string} name
 * @param {string} from directory of the importing file
 * @returns {string | undefined} directory of the installed package
 */
function findPackage(name, from) {
  for (let at = from; ; at = path.dirname(at)) {
    const directory = path.join(at, 'node_modules', name);
    if (fs.existsSync(path.join(directory, 'package.json'))) return directory;
    if (at === path.dirname(at)) return undefined;
  }
}

module.exports = { findPackage, isNativePackage, packageName };
