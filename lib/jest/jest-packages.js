'use strict';
// jestPackage: a package that Jest brings along, of that Jest which runs here. This package does not depend on Jest, and where packages
// are not hoisted Jest's own are out of its reach.

const { createRequire } = require('node:module');
const fs = require('node:fs');
const path = require('node:path');

/** Each depends on the next one; the last ones on what is wanted. */
const CHAIN = ['jest', '@jest/core', 'jest-config', 'jest-environment-node'];

/**
 * @param {string} name
 * @param {string} rootDir of the project
 * @returns {any} its exports
 */
function jestPackage(name, rootDir) {
  for (const start of [path.join(rootDir, 'package.json'), mainScript()]) {
    let from = createRequire(start);
    const reached = [from];
    for (const hop of CHAIN) {
      const file = resolve(from, hop);
      if (file === undefined) continue;
      from = createRequire(file);
      reached.push(from);
    }
    const found = reached.reverse().find((one) => resolve(one, name) !== undefined);
    if (found !== undefined) return found(name);
  }
  throw new Error(
    `holdfast/jest does not find ${name}, which Jest depends on. Is Jest installed in ${rootDir}?`,
  );
}

/** Jest's, or that of one of its workers. */
function mainScript() {
  const script = process.argv[1];
  return script && fs.existsSync(script) ? fs.realpathSync(script) : __filename;
}

/** @param {NodeJS.Require} from @param {string} name */
function resolve(from, name) {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}

module.exports = { jestPackage };
