// checkCfType: the `cf` member of a Request or Response init is an object (S9.2). What is made of it has a copy.
'use strict';

const { fieldError } = require('../errors.js');

/** @param {any} cf @param {string} struct */
function checkCfType(cf, struct) {
  if (cf === undefined || (typeof cf === 'object' && cf !== null) || typeof cf === 'function')
    return;
  throw fieldError('cf', struct, 'Object');
}

module.exports = { checkCfType };
