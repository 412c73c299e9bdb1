// Bindings of kinds that Holdfast does not have: they exist on `env`, and any use throws and says why (S8.1.7).
'use strict';

const { isTable } = require('./config-document');
const { UNSUPPORTED_BINDINGS } = require('./key-kinds');

/** @typedef {{kind: string, name: string}} UnsupportedBinding */

/**
 * @param {import('./config-document').Table} data a config or an environment
 * @returns {UnsupportedBinding[]}
 */
function findUnsupportedBindings(data) {
  return Object.entries(data).flatMap(([kind, value]) => {
    if (!UNSUPPORTED_BINDINGS.has(kind)) return [];
    return bindingNames(kind, value).map((name) => ({ kind, name }));
  });
}

/**
 * @param {string} kind
 * @param {unknown} value
 * @returns {string[]}
 */
function bindingNames(kind, value) {
  if (/^(wasm_modules|text_blobs|data_blobs)$/.test(kind))
    return isTable(value) ? Object.keys(value) : [];
  if (kind === 'queues') return isTable(value) ? bindingNames('producers', value.producers) : [];
  if (kind === 'unsafe') return isTable(value) ? bindingNames('bindings', value.bindings) : [];
  const entries = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry) => {
    // Workflows, rate limits and mail have `name`, too, but only without `binding` is it the one on `env`.
    const name = isTable(entry) ? (entry.binding ?? entry.name) : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

/**
 * @param {UnsupportedBinding} binding
 * @returns {object} what stands on `env`
 */
function unsupportedBinding({ kind, name }) {
  const fail = () => {
    throw new Error(`holdfast does not support ${kind} yet: env.${name} cannot be used.`);
  };
  // The target is a plain function: an arrow function cannot be constructed, which would throw another error.
  return new Proxy(function () {}, {
    // Symbols are how code looks at a value without using it (`console.log`, `instanceof`).
    get: (target, key) => (typeof key === 'symbol' ? undefined : fail()),
    set: fail,
    has: fail,
    deleteProperty: fail,
    apply: fail,
    construct: fail,
  });
}

module.exports = { findUnsupportedBindings, unsupportedBinding };
