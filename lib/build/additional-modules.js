// additionalModules: code that no import names, but that a Worker may import at run time (`find_additional_modules`).
//
// A file that a rule makes a module lies beside the bundle under its own path, so that `await import('./lang/en.mjs')` finds it
// even when the name is only known then. Each is a bundle of its own: what two of them import exists twice. Imports whose
// pattern the bundler can see, like `./lang/${name}.txt`, need none of this.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { moduleType } = require('../config/module-rules');

/** Never part of a Worker's source. */
const SKIPPED = new Set(['node_modules', '.holdfast', '.wrangler', '.git']);
const CODE = new Set(['ESModule', 'CommonJS']);
/** What such a bundle is called, behind its path: the file of that path only points to it. */
const SUFFIX = '.additional';

/**
 * @param {import('../config/load-config').ResolvedConfig} config
 * @returns {string[]} paths below the base directory, with `/`
 */
function additionalModules({ main, build }) {
  if (!build.findAdditionalModules) return [];
  const base = baseDirectory(main, build);
  return filesBelow(base, '').filter(
    (file) =>
      path.join(base, file) !== main && CODE.has(String(moduleType(build.rules, file))),
  );
}

/** @param {string | undefined} main @param {import('../config/build-settings').BuildSettings} build */
const baseDirectory = (main, { baseDir }) => baseDir ?? path.dirname(String(main));

/** @param {string} base @param {string} below @returns {string[]} */
function filesBelow(base, below) {
  return fs.readdirSync(path.join(base, below), { withFileTypes: true }).flatMap((entry) => {
    const file = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(base, file);
    return [file];
  });
}

/**
 * @param {import('../config/load-config').ResolvedConfig} config
 * @returns {Record<string, string>} entry points for the bundler
 */
function additionalEntries(config) {
  const base = baseDirectory(config.main, config.build);
  return Object.fromEntries(
    additionalModules(config).map((file) => [file + SUFFIX, path.join(base, file)]),
  );
}

/**
 * What must lie beside the bundles so that the modules are found under their paths.
 * @param {Record<string, {entryPoint?: string, exports: string[]}>} outputs of the bundler, by path
 * @returns {Map<string, string>} contents by path
 */
function additionalFiles(outputs) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const [file, { exports }] of Object.entries(outputs)) {
    if (!file.endsWith(`${SUFFIX}.mjs`)) continue;
    const target = JSON.stringify(`./${path.basename(file)}`);
    const isDefault = exports.includes('default') ? `export { default } from ${target};\n` : '';
    files.set(file.slice(0, -`${SUFFIX}.mjs`.length), `export * from ${target};\n${isDefault}`);
  }
  // Node takes what is called `.js` for a module only when it is told so.
  if (files.size > 0) files.set('package.json', '{ "type": "module" }\n');
  return files;
}

module.exports = { additionalEntries, additionalFiles };
