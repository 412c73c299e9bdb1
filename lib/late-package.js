'use strict';
// latePackage: a package, or a module of Node, that is loaded when it is first used.
//
// A start has no use for most packages, and each costs it milliseconds. Only for what has no state that two copies of it would have
// to share: under a test runner with a registry of modules of its own, this may be another copy (docs/decisions/0020-fast-start.md).

const { createRequire } = require('node:module');

const load = createRequire(__filename);

/**
 * @param {string} name
 * @returns {() => any} gives its exports; the caller says their type
 */
function latePackage(name) {
  /** @type {unknown} */
  let exports;
  return () => (exports ??= load(name));
}

module.exports = { latePackage };
