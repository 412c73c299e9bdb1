import http from 'node:http';
import { neighbourQuery } from '../../harness/neighbour.mjs';

/** Another host: bodies of a known length, and what it sees of a request's. */
const server = http.createServer(async (request, response) => {
  if (request.url === '/seen') {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    response.end(`${length} ${coding} ${bytes}`);
    return;
  }
  const page = request.url === '/page';
  const body = page ? '<p>a paragraph</p>' : 'plain';
  response.setHeader('content-type', page ? 'text/html' : 'text/plain');
  response.setHeader('content-length', body.length);
  response.end(body);
});
const query = await neighbourQuery(server);

export const config = {
  compatibilityFlags: ['nodejs_compat'],
  bindings: { BODIES: 'Bodies' },
  classes: { Bodies: { sqlite: true } },
  localNetwork: true,
};

const ask = (method, answer, body = '') => {
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
  const head = `${method} /${answer}?${query} HTTP/1.1\r\nHost: a\r\n${length}Connection: close\r\n\r\n`;
  return { parts: [head + body], methods: [method], showsLength: true };
};

/** @param {string} name @param {string} answer @param {[method: string, body?: string][]} asked */
const shown = (name, answer, asked = [['GET'], ['HEAD']]) => ({
  name,
  steps: async (t) => {
    for (const [method, body] of asked) await t.exchange(ask(method, answer, body));
  },
});
const get = [['GET']];
const post = [['POST', 'a body of the request']];

export const cases = [
  shown('S9.2 a stream that is shorter than Content-Length', 'stream-short'),
  shown('S9.2 a stream that is longer than Content-Length', 'stream-long'),
  shown('S9.2 a stream as long as Content-Length', 'stream-exact'),
  shown('S9.2 a stream of bytes that is shorter than Content-Length', 'bytes-short'),
  shown('S9.2 a text that is shorter than Content-Length', 'text-short'),
  shown('S9.2 a text that is longer than Content-Length', 'text-long'),
  shown('S9.2 no body, and a Content-Length', 'nothing'),
  shown('S9.2 a FixedLengthStream and another Content-Length', 'fixed'),
  shown('S9.2 a FixedLengthStream behind a TransformStream', 'fixed-through', get),
  shown('S1.8.1 a stream of an object that is longer than Content-Length', 'of-object', get),
  shown('S1.8.1 a stream of an object that was changed', 'of-object-changed', get),
  shown('S9.2 a response of another host', 'proxied', get),
  shown('S9.2 a response of another host that was changed', 'proxied-changed', get),
  shown('S9.2 a page of another host that was rewritten', 'proxied-rewritten', get),
  shown('S9.3 a server of node:http that says another length', 'node-short', get),
  shown('S9.3 a server of node:http that says its length', 'node-exact', get),
  shown('S9.2 a text as the body of a request', 'uploads-text', get),
  shown('S9.2 a FixedLengthStream as the body of a request', 'uploads-fixed', get),
  shown('S9.2 a stream as the body of a request', 'uploads-stream', get),
  shown('S9.2 the body of a request passed on', 'uploads-request', post),
  shown('S9.2 the body of a request passed on and changed', 'uploads-changed', post),
];
