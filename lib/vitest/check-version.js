'use strict';
// checkVitest: this needs what Vitest has had since 4.1 (its runner as a class, module runners as environments have them); an older one
// would fail somewhere inside, so it is refused by name.

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const kLeast = [4, 1];

/**
 * @param {string} root of the project
 * @throws when the Vitest of the project is too old; one that cannot be found is not looked at
 */
function checkVitest(root) {
  const version = versionOfVitest(root);
  if (version === undefined) return;
  const [major, minor] = version.split('.').map(Number);
  if (major > kLeast[0] || (major === kLeast[0] && minor >= kLeast[1])) return;
  throw new Error(
    `holdfast/vitest needs Vitest ${kLeast.join('.')} or newer; ${root} has ${version}. ` +
      'With an older one, use holdfast/jest, or createTestKit() of holdfast/test.',
  );
}

/** @param {string} root @returns {string | undefined} */
function versionOfVitest(root) {
  try {
    const file = createRequire(path.join(root, 'index.js')).resolve('vitest/package.json');
    return JSON.parse(fs.readFileSync(file, 'utf8')).version;
  } catch {
    return undefined;
  }
}

module.exports = { checkVitest };
