'use strict';
// vitestOptions: from the plain options of cloudflareTest() to those of the kit.

const { kitOptions } = require('../testing/kit/kit-options');
const { giveFunctions } = require('./function-server');

/**
 * @param {Record<string, any>} given of takeFunctions()
 * @param {string} root what relative paths start from
 * @returns {{options: import('../testing/kit/kit-options').KitOptions, outboundService?: (request: any) => Promise<any>}}
 */
function vitestOptions(given, root) {
  const { miniflare: { outboundService, ...miniflare } = {}, ...rest } = giveFunctions(given);
  return { options: kitOptions({ ...rest, miniflare }, root), outboundService };
}

module.exports = { vitestOptions };
