'use strict';
// The preset `holdfast/jest`: all that a project needs to test its Worker with Jest (spec S10.3.7). What it chose and why:
// docs/decisions/0018-jest-environment.md.

const path = require('node:path');
const { SITE_MANIFEST } = require('../bindings/site/site-keys');
const { MODULES } = require('../build/cloudflare-modules');

const here = (/** @type {string} */ file) => path.join(__dirname, file);

/** @type {Record<string, string>} */
const moduleNameMapper = {
  '^cloudflare:test$': here('modules/test.js'),
  [`^${SITE_MANIFEST}$`]: here('modules/site-manifest.js'),
};
for (const name of MODULES.keys())
  moduleNameMapper[`^${name}$`] = here(`modules/${name.replace('cloudflare:', '')}.js`);

module.exports = {
  testEnvironment: here('environment.js'),
  setupFiles: [here('setup.js')],
  setupFilesAfterEnv: [here('matchers.js')],
  transform: { '^.+$': here('transform.js') },
  // Packages come as ES modules, too; those of Jest do not.
  transformIgnorePatterns: ['/node_modules/(?:@jest/[^/]+|jest(?:-[^/]+)?)/'],
  resolver: here('resolver.js'),
  moduleNameMapper,
  moduleFileExtensions: ['ts', 'tsx', 'mts', 'cts', 'js', 'mjs', 'cjs', 'jsx', 'json', 'node'],
  testMatch: ['**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)'],
  modulePathIgnorePatterns: ['/\\.(holdfast|wrangler)/'],
  watchPathIgnorePatterns: ['/\\.(holdfast|wrangler)/'],
};
