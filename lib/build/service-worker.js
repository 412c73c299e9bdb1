// Service Worker syntax (S9.1.1): a Worker that exports nothing, listens with addEventListener(), and finds its bindings as globals.
'use strict';

const fs = require('node:fs');
const { SITE_BINDING, SITE_MANIFEST } = require('../bindings/site/site-keys');

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm;
/** A statement, or CommonJS; not `instance.exports.f()`, nor the word in a text. */
const EXPORTS =
  /(?:^|[;}])\s*export(?=[\s{*])|(?<![.\w$])(?:module\.exports\b|exports(?:\.[\w$]+|\[[^\]]*\])\s*=)/m;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * By its text, as nothing is bundled yet.
 * @param {string} main
 */
function isServiceWorker(main) {
  const text = fs.readFileSync(main, 'utf8').replace(COMMENTS, '');
  return !EXPORTS.test(text) && /\baddEventListener\b|\bimport\b|\brequire\b/.test(text);
}

/**
 * What stands on `env`, as far as its names can be globals.
 * @param {import('../config/load-config').ResolvedConfig} config
 * @returns {string[]}
 */
function bindingNames(config) {
  const { vars, durableObjectBindings, serviceBindings, unsupportedBindings, resources } = config;
  const named = [...durableObjectBindings, ...serviceBindings, ...unsupportedBindings];
  const site = resources.site === undefined ? [] : [SITE_BINDING, SITE_MANIFEST];
  const all = [...Object.keys(vars), ...named.map(({ name }) => name), ...namesIn(resources), ...site];
  return [...new Set(all)].filter((name) => IDENTIFIER.test(name));
}

/** Each kind of resource says in its own way what its name on `env` is. @param {unknown} value @returns {string[]} */
function namesIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    if (typeof entry !== 'string') return namesIn(entry);
    return ['name', 'binding', 'versionMetadata'].includes(key) ? [entry] : [];
  });
}

module.exports = { bindingNames, isServiceWorker };
