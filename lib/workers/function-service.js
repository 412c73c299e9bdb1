'use strict';
// serviceOf: a service binding whose requests a function of the program answers, as `serviceBindings` of Miniflare has them. The function gets a
// Request of the process, whatever form of fetch() the Worker uses; inside of an object the request leaves when what was written is durable.

const { ReadableStream } = require('node:stream/web');
const { newestFlags } = require('../config/compatibility');
const { originals } = require('../web/originals');
const { makeService } = require('./service-stub');
const { Worker } = require('./worker');

/**
 * @param {(request: Request) => Response | Promise<Response>} answer what it throws, the Worker's fetch() rejects with
 * @returns {any} for `createRuntime({ bindings })`
 */
function serviceOf(answer) {
  if (typeof answer !== 'function')
    throw new TypeError('serviceOf() needs a function that answers requests.');
  const worker = new Worker({ name: 'function', flags: newestFlags(), env: {} });
  worker.module = {
    default: { fetch: (/** @type {any} */ request) => answer(requestForHost(request)) },
  };
  worker.isLoaded = true;
  return makeService(worker, 'default', {});
}

/** @param {any} request of Workers @returns {Request} the process's own */
function requestForHost({ url, method, headers, body, signal }) {
  return new originals.Request(url, {
    method,
    headers: [...headers],
    ...(body === null ? {} : { body: ReadableStream.from(body), duplex: 'half' }),
    redirect: 'manual',
    signal,
  });
}

module.exports = { serviceOf };
