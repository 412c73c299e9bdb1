// What the command line says about errors: one readable message; the stack only with HOLDFAST_DEBUG.
'use strict';

const path = require('node:path');

/**
 * @param {unknown} error
 * @param {{cwd: string, debug: boolean}} options paths below `cwd` are shown relative to it
 * @returns {string}
 */
function errorMessage(error, { cwd, debug }) {
  const thrown = /** @type {Partial<Error>} */ (error);
  if (debug && thrown?.stack)
    return thrown.cause
      ? `${thrown.stack}\n${/** @type {any} */ (thrown.cause).stack ?? thrown.cause}`
      : thrown.stack;
  const text =
    typeof thrown?.message === 'string' && thrown.message !== '' ? thrown.message : String(error);
  return shortenPaths(text, cwd);
}

/**
 * @param {unknown} error
 * @param {string} host
 * @param {number} port
 * @returns {unknown} a readable error when the address cannot be listened on, else the same
 */
function listenError(error, host, port) {
  const { code, message = '' } = /** @type {NodeJS.ErrnoException} */ (error);
  const address = `${host}:${port}`;
  if (code === 'EADDRINUSE' || /address already in use/i.test(message)) {
    return new Error(`${address} is in use by another program; choose another port with --port.`, {
      cause: error,
    });
  }
  if (code === 'EACCES' || /permission denied/i.test(message)) {
    return new Error(`Listening on ${address} is not allowed; choose another port with --port.`, {
      cause: error,
    });
  }
  if (code === 'EADDRNOTAVAIL' || /cannot assign requested address/i.test(message)) {
    return new Error(`${host} is not an address of this machine.`, { cause: error });
  }
  return error;
}

/** @param {string} text @param {string} cwd */
function shortenPaths(text, cwd) {
  const prefix = cwd.endsWith(path.sep) ? cwd : cwd + path.sep;
  return text.split(prefix).join('');
}

module.exports = { errorMessage, listenError, shortenPaths };
