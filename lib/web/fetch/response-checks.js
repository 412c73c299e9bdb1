// What a Response may be made of (S9.2): the checks of its options, with workerd's error texts, and in its order. Pure.
'use strict';

const { checkCfType } = require('./cf.js');
const { fieldError } = require('../errors.js');
const { checkHeadersType } = require('./header-checks.js');
const { isWebSocket } = require('../sockets/web-socket.js');

/** @typedef {import('../sockets/web-socket.js').WebSocket} WebSocket */

const STRUCT = 'InitializerDict';
const INIT_TYPE = 'InitializerDict or Response';
/** No control characters: a line break would let a header in. */
const REASON_PHRASE = /^[ -~\u0080-\u{10ffff}]*$/u;

/** @param {any} value @param {WebSocket | null} webSocket */
function checkStatus(value, webSocket) {
  const status = value === undefined ? 200 : Number(value) | 0;
  if (webSocket !== null) {
    if (status !== 101)
      throw new RangeError('Responses with a WebSocket must have status code 101.');
  } else if (!(status >= 200 && status <= 599)) {
    throw new RangeError(
      'Responses may only be constructed with status codes in the range 200 to 599, inclusive.',
    );
  }
  return status;
}

/** @param {any} value */
function checkStatusText(value) {
  if (value === undefined) return '';
  const text = `${value}`;
  if (!REASON_PHRASE.test(text)) throw new TypeError('Invalid statusText');
  return text;
}

/** @param {any} value @returns {'automatic' | 'manual'} */
function checkEncodeBody(value) {
  if (value === undefined || value === 'automatic' || value === 'manual')
    return value ?? 'automatic';
  throw new TypeError(`encodeBody: unexpected value: ${value}`);
}

/** Types come before values, as in workerd. @param {any} init */
function checkInit(init) {
  checkHeadersType(init.headers, STRUCT);
  checkCfType(init.cf, STRUCT);
  if (init.webSocket !== undefined && init.webSocket !== null && !isWebSocket(init.webSocket))
    throw fieldError('webSocket', STRUCT, 'WebSocket');
}

/** @param {any} init not checked yet */
const isInit = (init) => typeof init === 'object' || typeof init === 'function';

module.exports = {
  INIT_TYPE,
  checkEncodeBody,
  checkInit,
  checkStatus,
  checkStatusText,
  isInit,
};
