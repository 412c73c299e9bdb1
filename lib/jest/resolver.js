'use strict';
// The resolver of `holdfast/jest`: Jest's own, and before it what a bundler would do for the project: `alias` of its configuration,
// `paths` of its tsconfig.json, `?module`.

const { mappedPaths } = require('./tsconfig');
const { latestOptions } = require('../testing/kit/kit-options');

/**
 * @param {string} name
 * @param {any} options of Jest
 * @returns {string}
 */
function resolve(name, options) {
  const plain = name.replace(/\?module$/, '');
  const target = aliasOf(plain, options.rootDir);
  if (target !== plain) return options.defaultResolver(target, options);
  if (!/^[./]/.test(plain) && !options.basedir.includes('/node_modules/')) {
    for (const candidate of mappedPaths(plain, options.basedir)) {
      try {
        return resolveFile(candidate, options);
      } catch {
        // the next one, or the package of that name
      }
    }
  }
  return resolveFile(plain, options);
}

/** A TypeScript module imports `./x.js` and means x.ts. @param {string} name @param {any} options */
function resolveFile(name, options) {
  try {
    return options.defaultResolver(name, options);
  } catch (error) {
    const [, stem, letter, x] = /^(\.{0,2}\/.*)\.([mc]?)js(x?)$/.exec(name) ?? [];
    if (stem === undefined) throw error;
    for (const ending of [`${letter}ts${x}`, 'tsx'])
      try {
        return options.defaultResolver(`${stem}.${ending}`, options);
      } catch {
        // the first error tells what was asked for
      }
    throw error;
  }
}

/** @param {string} name @param {string} rootDir */
function aliasOf(name, rootDir) {
  const { alias = {} } = latestOptions(rootDir)?.resolved.build ?? {};
  for (const [from, to] of Object.entries(alias)) {
    if (name === from) return to;
    if (name.startsWith(`${from}/`)) return to + name.slice(from.length);
  }
  return name;
}

module.exports = resolve;
