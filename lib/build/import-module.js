// importModule: import() in a file of its own, for packed/lib.js has no place for it (docs/decisions/0020-fast-start.md).
'use strict';

/** @param {string} url @returns {Promise<Record<string, unknown>>} the module's namespace */
const importModule = (url) => import(url);

module.exports = { importModule };
