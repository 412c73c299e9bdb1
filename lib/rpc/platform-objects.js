'use strict';
// Runtime objects that may cross over RPC (spec S7.5.3): streams and bodies move, stubs and Blobs are shared.

const { File } = require('node:buffer');
const { DurableObjectSnapshot } = require('../storage/snapshot');
const { kInvoke } = require('./wildcard');
const web = require('../web/internal');

/**
 * @param {any} value
 * @returns {any} what the other side gets; undefined: not one of these
 */
function transferPlatformObject(value) {
  if (typeof value[kInvoke] === 'function') return value;
  if (value instanceof DurableObjectSnapshot) return value;
  if (value instanceof ReadableStream) return value.pipeThrough(new TransformStream());
  if (value instanceof WritableStream) return moveWritable(value);
  if (value instanceof web.Request) return web.requestForDelivery(value);
  if (web.isResponse(value)) return moveResponse(value);
  if (value instanceof web.Headers) return new web.Headers(value);
  if (value instanceof Blob && !(value instanceof File)) return value;
  return undefined;
}

/** @param {WritableStream} stream */
function moveWritable(stream) {
  const { readable, writable } = new TransformStream();
  readable.pipeTo(stream).catch(() => {}); // the writer sees it
  return writable;
}

/** @param {any} response */
function moveResponse(response) {
  if (response.webSocket) {
    throw new DOMException(
      'Could not serialize object of type "WebSocket". This type does not support serialization.',
      'DataCloneError',
    );
  }
  return web.responseForDelivery(response, new web.Request('http://rpc/'));
}

module.exports = { transferPlatformObject };
