'use strict';
// hooksFor: hooks of Node's loader for modules that have no file.

/**
 * @param {{has: (id: string) => boolean}} modules by specifier
 * @param {(id: string) => string} sourceOf gives an ES module
 */
function hooksFor(modules, sourceOf) {
  return {
    /** @param {string} specifier @param {unknown} context @param {Function} nextResolve */
    resolve(specifier, context, nextResolve) {
      if (!specifier.startsWith('cloudflare:')) return nextResolve(specifier, context);
      if (modules.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
      const error = new Error(`holdfast does not support the module "${specifier}".`);
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
    },

    /** @param {string} url @param {unknown} context @param {Function} nextLoad */
    load(url, context, nextLoad) {
      if (!modules.has(url)) return nextLoad(url, context);
      return { format: 'module', source: sourceOf(url), shortCircuit: true };
    },
  };
}

module.exports = { hooksFor };
