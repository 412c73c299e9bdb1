'use strict';
// Runtime objects that may cross over RPC (spec S7.5.3): streams and bodies move, stubs and Blobs are shared, signals are followed.

const { File } = require('node:buffer');
const { reasonFor } = require('./reasons');
const { moveReadable, moveWritable, kReadableLocked } = require('./streams');
const { DurableObjectSnapshot } = require('../storage/snapshot');
const web = require('../web/internal');

/** @param {string} message */
const cloneError = (message) => new DOMException(message, 'DataCloneError');

/**
 * @param {any} value
 * @param {import('./target').Context | undefined} host the sender
 * @param {boolean} isResult of a call; else an argument
 * @returns {any} what the other side gets; undefined: not one of these
 */
function transferPlatformObject(value, host, isResult) {
  if (value instanceof DurableObjectSnapshot) return value;
  if (value instanceof ReadableStream) return moveReadable(value, host, isResult);
  if (value instanceof WritableStream) return moveWritable(value, host);
  if (value instanceof web.Request) return moveRequest(value, host, isResult);
  if (web.isResponse(value)) return moveResponse(value, host, isResult);
  if (value instanceof web.Headers) return new web.Headers(value);
  if (value instanceof Blob && !(value instanceof File)) return value;
  if (value instanceof AbortSignal) return followSignal(value, host?.flags);
  return undefined;
}

/** @param {any} body of a Request or Response */
function checkBody(body) {
  if (body.bodyUsed || body.body?.locked) throw new TypeError(kReadableLocked);
}

/** @param {any} request @param {import('./target').Context | undefined} host @param {boolean} isResult */
function moveRequest(request, host, isResult) {
  checkBody(request);
  const signal = web.ownSignal(request);
  const followed = signal === null ? null : followSignal(signal, host?.flags);
  return web.requestForRpc(request, followed, (stream) => moveReadable(stream, host, isResult));
}

/** @param {any} response @param {import('./target').Context | undefined} host @param {boolean} isResult */
function moveResponse(response, host, isResult) {
  if (response.webSocket) {
    throw cloneError(
      'Could not serialize object of type "WebSocket". This type does not support serialization.',
    );
  }
  checkBody(response);
  return web.responseForRpc(response, (stream) => moveReadable(stream, host, isResult));
}

/** @param {AbortSignal} signal @param {Record<string, boolean> | undefined} flags */
function followSignal(signal, flags) {
  if (!flags?.enable_abortsignal_rpc) throw cloneError('AbortSignal serialization is not enabled.');
  const controller = new AbortController();
  const follow = () => controller.abort(reasonFor(signal.reason));
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return controller.signal;
}

/** The one of these that is nothing but data. @param {any} value */
const copyHeaders = (value) => (value instanceof web.Headers ? new web.Headers(value) : undefined);

module.exports = { transferPlatformObject, copyHeaders };
