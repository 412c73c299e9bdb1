// What a Request may be made of (S9.2): the checks of its options, with workerd's error texts, and in its order. Pure.
'use strict';

const { checkCfType } = require('./cf.js');
const { constructorError, fieldError, parameterError } = require('../errors.js');
const { stubName } = require('../../rpc/detail-string');
const { checkHeadersType } = require('./header-checks.js');

const STRUCT = 'RequestInitializerDict';
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const STANDARD_METHOD = /^[A-Z]+$/;
const CACHE_MODES = ['no-store', 'no-cache'];

/** @param {any} value */
function checkMethod(value) {
  const method = `${value}`;
  const upper = STANDARD_METHOD.test(method) ? method : method.toUpperCase();
  if (value === null || !METHOD.test(method) || upper === 'CONNECT') {
    throw new TypeError(`Invalid HTTP method string: ${method}`);
  }
  return upper;
}

/** @param {any} value @returns {'follow' | 'manual'} */
function checkRedirect(value) {
  if (value === 'follow' || value === 'manual') return value;
  throw new TypeError(
    'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be implemented since it does not make ' +
      'sense at the edge; use "manual" and check the response status code).',
  );
}

/** A stub, or what the host application bound in its place. @param {any} value */
function checkFetcher(value) {
  if (value === null) return value;
  // Every name is a function of an RpcStub, RpcPromise or RpcProperty.
  const isRpc = typeof value === 'function' && stubName(value)?.startsWith('Rpc');
  if (!isRpc && typeof value?.fetch === 'function') return value;
  throw fieldError('fetcher', STRUCT, 'Fetcher');
}

/**
 * @param {string} iface whose fetch() it is
 * @param {ArrayLike<any>} args
 * @throws {TypeError} what has no type that fetch() takes; a missing input does, one that is undefined is a text
 */
function checkFetchArguments(iface, args) {
  if (args.length === 0) throw parameterError('fetch', iface, 1, 'Request or string');
  const init = args[1];
  if (init !== undefined && typeof init !== 'object' && typeof init !== 'function')
    throw parameterError('fetch', iface, 2, 'RequestInitializerDict or Request');
}

/** Types come before values, as in workerd. @param {any} init */
function checkInit(init) {
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw constructorError('Request', 2, 'RequestInitializerDict or Request');
  }
  const { headers, fetcher, cf, signal, cache } = init;
  checkHeadersType(headers, STRUCT);
  if (fetcher !== undefined) checkFetcher(fetcher);
  checkCfType(cf, STRUCT);
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal))
    throw fieldError('signal', STRUCT, 'AbortSignal');
  if (cache !== undefined && !CACHE_MODES.includes(cache))
    throw new TypeError(`Unsupported cache mode: ${cache}`);
}

/** @param {{method: string}} request */
function checkTakesBody({ method }) {
  if (method === 'GET' || method === 'HEAD')
    throw new TypeError('Request with a GET or HEAD method cannot have a body.');
}

module.exports = { checkFetchArguments, checkInit, checkMethod, checkRedirect, checkTakesBody };
