'use strict';
// Functions among the options (serviceBindings, outboundService) stay in Vitest's main process: the processes of the tests call them by HTTP,
// over a Unix socket.
//
// Happy path: takeFunctions() puts a plain value in the place of each function; a test's request is sent whole to the server, which calls the
// function with a Request of Node and sends back its Response, whole.
// Ways it fails: what a function throws is an answer with status 500 and the stack, as its caller would get it from a Worker.

const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { buffer } = require('node:stream/consumers');
const { Response, responseForDelivery } = require('../web/internal');

/** @typedef {(request: any) => any} Service */

const kMark = 'holdfastFunction';
/** @type {Service[]} */
const functions = [];
/** @type {string | undefined} */
let socketPath;

/**
 * A copy whose functions are values that functionFetch() takes.
 * @param {any} options plain data and functions
 * @returns {any}
 */
function takeFunctions(options) {
  if (typeof options === 'function') {
    socketPath ??= listen();
    return { [kMark]: functions.push(options) - 1, socketPath };
  }
  if (Array.isArray(options)) return options.map(takeFunctions);
  if (options === null || typeof options !== 'object') return options;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, takeFunctions(value)]),
  );
}

/** @returns {string} where it listens; it does not keep the process */
function listen() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-vitest-'));
  const file = path.join(directory, 'functions');
  const server = http.createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(file).unref();
  process.once('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
  return file;
}

/** @param {http.IncomingMessage} incoming @param {http.ServerResponse} outgoing */
async function answer(incoming, outgoing) {
  try {
    const body = await buffer(incoming);
    const { index, url, method, headers } = JSON.parse(
      String(incoming.headers['holdfast-request']),
    );
    const hasBody = body.length > 0 && !['GET', 'HEAD'].includes(method);
    const request = new Request(url, { method, headers, ...(hasBody && { body }) });
    const response = await functions[index](request);
    outgoing.setHeader(
      'holdfast-response',
      JSON.stringify([response.status, [...response.headers]]),
    );
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    outgoing.setHeader('holdfast-response', JSON.stringify([500, []]));
    outgoing.end(/** @type {Error} */ (error)?.stack ?? String(error));
  }
}

/**
 * In a process of the tests.
 * @param {{holdfastFunction: number, socketPath: string}} given what stands for the function
 * @returns {(request: any) => Promise<any>} takes a Request and gives a Response, of the globals
 */
function functionFetch({ [kMark]: index, socketPath: file }) {
  return async (request) => {
    const { url, method } = request;
    const asked = JSON.stringify({ index, url, method, headers: [...request.headers] });
    const incoming = await post(file, asked, Buffer.from(await request.arrayBuffer()));
    const [status, headers] = JSON.parse(String(incoming.headers['holdfast-response']));
    const body = await buffer(incoming);
    const isEmpty = [101, 204, 205, 304].includes(status);
    return responseForDelivery(new Response(isEmpty ? null : body, { status, headers }), request);
  };
}

/** @param {string} file @param {string} asked @param {Buffer} body @returns {Promise<http.IncomingMessage>} */
function post(file, asked, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'holdfast-request': asked };
    http
      .request({ socketPath: file, method: 'POST', headers }, resolve)
      .on('error', reject)
      .end(body);
  });
}

/** @param {any} options with values of takeFunctions() @returns {any} with functions again */
function giveFunctions(options) {
  if (Array.isArray(options)) return options.map(giveFunctions);
  if (options === null || typeof options !== 'object') return options;
  if (kMark in options) return functionFetch(options);
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, giveFunctions(value)]),
  );
}

module.exports = { giveFunctions, takeFunctions };
