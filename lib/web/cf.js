// copyCf: the `cf` member of a Request or Response init: an object, copied (S9.2).
'use strict';

const { fieldError } = require('./errors.js');

/** @param {any} cf @param {string} struct */
function copyCf(cf, struct) {
  if (typeof cf !== 'object' && typeof cf !== 'function') throw fieldError('cf', struct, 'Object');
  return structuredClone(cf);
}

module.exports = { copyCf };
