// How Headers, Request and Response are stored and cloned (spec S3.8.4): workerd's forms, byte for byte. A body or a signal is a
// part like any other, so one that has it is refused with the text that refuses a stream or a signal.
//
//   Headers    guard; number of pairs; each: number of the name, or 0 and the name, then the value
//   Request    the URL; an object like the constructor's init
//   Response   the body, null; an object like the constructor's init
'use strict';

const { addHostForm, readText, writeText } = require('../../storage/host-objects');
const { ownSignal } = require('./delivery.js');
const { Headers, freezeHeaders, headersList, isFrozenHeaders } = require('./headers.js');
const { Request } = require('./request.js');
const { Response, responseState } = require('./response.js');

/** @typedef {import('node:v8').Serializer} Serializer */
/** @typedef {import('node:v8').Deserializer} Deserializer */
/** @typedef {import('./headers.js').Headers} WebHeaders */

const tags = { headers: 4, request: 5, response: 6 };

/** Names that have a number, from 1 on: those of HPACK's static table (RFC 7541, appendix A), as Cap'n Proto counts them. */
const kNames = [
  ...['', 'accept-charset', 'accept-encoding', 'accept-language', 'accept-ranges', 'accept'],
  ...['access-control-allow-origin', 'age', 'allow', 'authorization', 'cache-control'],
  ...['content-disposition', 'content-encoding', 'content-language', 'content-length'],
  ...['content-location', 'content-range', 'content-type', 'cookie', 'date', 'etag', 'expect'],
  ...['expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range'],
  ...['if-unmodified-since', 'last-modified', 'link', 'location', 'max-forwards'],
  ...['proxy-authenticate', 'proxy-authorization', 'range', 'referer', 'refresh', 'retry-after'],
  ...['server', 'set-cookie', 'strict-transport-security', 'transfer-encoding', 'user-agent'],
  ...['vary', 'via', 'www-authenticate'],
];
const numbers = new Map(kNames.map((name, number) => [name, number]));

const kGuards = { immutable: 0, none: 3 };

/** @param {Serializer} writer @param {WebHeaders} headers */
function writeHeaders(writer, headers) {
  const list = headersList(headers);
  /** @type {{number: number, name: string, value: string}[]} */
  const pairs = [];
  for (let i = 0; i < list.length; i += 2)
    pairs.push({ number: numbers.get(list[i]) ?? 0, name: list[i], value: list[i + 1] });
  // Those with a number first, in its order; the sort keeps the order of the rest.
  pairs.sort((a, b) => (a.number || kNames.length) - (b.number || kNames.length));
  writer.writeUint32(isFrozenHeaders(headers) ? kGuards.immutable : kGuards.none);
  writer.writeUint32(pairs.length);
  for (const { number, name, value } of pairs) {
    writer.writeUint32(number);
    if (number === 0) writeText(writer, name);
    writeText(writer, value);
  }
}

/** @param {number} number @returns {string} */
function nameOf(number) {
  const name = kNames[number];
  if (name === undefined)
    throw new Error(`A stored header with the number ${number} is not supported by Holdfast.`);
  return name;
}

/** @param {Deserializer} reader */
function readHeaders(reader) {
  const guard = reader.readUint32();
  const headers = new Headers();
  for (let left = reader.readUint32(); left > 0; left--) {
    const number = reader.readUint32();
    const name = number === 0 ? readText(reader) : nameOf(number);
    headers.append(name, readText(reader));
  }
  if (guard !== kGuards.none) freezeHeaders(headers);
  return headers;
}

/** Absent is undefined, as in workerd's object. @param {any} value @param {any} usual */
const unless = (value, usual) => (value === usual ? undefined : value);

/** @param {any} request */
const requestInit = (request) => ({
  method: unless(request.method, 'GET'),
  headers: request.headers,
  body: request.body,
  redirect: unless(request.redirect, 'follow'),
  fetcher: undefined,
  cf: request.cf,
  cache: request.cache,
  integrity: undefined,
  signal: ownSignal(request) ?? undefined,
  encodeResponseBody: undefined,
});

/** @param {any} response */
function responseInit(response) {
  const { statusText, encodeBody, cf } = responseState(response);
  return {
    status: unless(response.status, 200),
    statusText: unless(statusText, ''),
    headers: response.headers,
    cf,
    webSocket: response.webSocket ?? undefined,
    encodeBody: unless(encodeBody, 'automatic'),
  };
}

/** @param {Deserializer} reader */
function readResponse(reader) {
  const body = reader.readValue();
  const init = reader.readValue();
  return init.status === 0 ? Response.error() : new Response(body, init);
}

addHostForm(Headers.prototype, {
  tag: tags.headers,
  take: (headers) => ({ head: (writer) => writeHeaders(writer, headers), values: [] }),
  read: readHeaders,
});

addHostForm(Request.prototype, {
  tag: tags.request,
  take: (request) => ({
    head: (writer) => writeText(writer, request.url),
    values: [requestInit(request)],
  }),
  read: (reader) => new Request(readText(reader), reader.readValue()),
});

addHostForm(Response.prototype, {
  tag: tags.response,
  take: (response) => ({ values: [response.body, responseInit(response)] }),
  read: readResponse,
});
