// What a response says of the length of its body, and a request to another host of its.
/* global FixedLengthStream */
import { DurableObject } from 'cloudflare:workers';
import { createServer } from 'node:http';
import { handleAsNodeRequest } from 'cloudflare:node';

const bytes = (text) => new TextEncoder().encode(text);
const stream = (text, type) =>
  new ReadableStream({
    type,
    start(controller) {
      controller.enqueue(bytes(text));
      controller.close();
    },
  });
const fixed = (text) => {
  const { readable, writable } = new FixedLengthStream(text.length);
  const writer = writable.getWriter();
  void writer.write(bytes(text));
  void writer.close();
  return readable;
};
const saying = (length) => ({ headers: { 'content-length': `${length}` } });
const through = (body) => body.pipeThrough(new TransformStream());
const twice = (body) =>
  body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        controller.enqueue(new Uint8Array(chunk));
      },
    }),
  );

const server = createServer((request, response) => {
  response.setHeader('content-length', request.headers['x-length']);
  response.write('abc');
  response.end();
}).listen();
const served = (length, method) =>
  handleAsNodeRequest(
    server.address(),
    new Request('http://a.test/', { method, headers: { 'x-length': length } }),
  );

/** What the other host saw of a request's length. */
const upload = async (origin, body) =>
  new Response(await (await fetch(`${origin}/seen`, { method: 'POST', body })).text());

const answers = {
  'stream-short': () => new Response(stream('abc'), saying(10)),
  'stream-long': () => new Response(stream('abcdef'), saying(2)),
  'stream-exact': () => new Response(stream('abc'), saying(3)),
  'bytes-short': () => new Response(stream('abc', 'bytes'), saying(10)),
  'text-short': () => new Response('abc', saying(10)),
  'text-long': () => new Response('abcdef', saying(2)),
  nothing: () => new Response(null, saying(10)),
  fixed: () => new Response(fixed('abc'), saying(10)),
  'fixed-through': () => new Response(through(fixed('abc'))),
  'of-object': ({ env }) => env.BODIES.getByName('a').fetch('http://a.test/'),
  'of-object-changed': async ({ env }) => {
    const response = await env.BODIES.getByName('a').fetch('http://a.test/');
    return new Response(twice(response.body), response);
  },
  proxied: ({ origin }) => fetch(`${origin}/plain`),
  'proxied-changed': async ({ origin }) => {
    const response = await fetch(`${origin}/plain`);
    return new Response(twice(response.body), response);
  },
  'proxied-rewritten': async ({ origin }) =>
    new HTMLRewriter()
      .on('p', { element: (element) => element.append(' and more') })
      .transform(await fetch(`${origin}/page`)),
  'node-short': ({ request }) => served(10, request.method),
  'node-exact': ({ request }) => served(3, request.method),
  'uploads-text': ({ origin }) => upload(origin, 'abc'),
  'uploads-fixed': ({ origin }) => upload(origin, fixed('abc')),
  'uploads-stream': ({ origin }) => upload(origin, stream('abc')),
  'uploads-request': ({ origin, request }) => upload(origin, request.body),
  'uploads-changed': ({ origin, request }) => upload(origin, twice(request.body)),
};

export class Bodies extends DurableObject {
  fetch() {
    return new Response(stream('of the object'), saying(5));
  }
}

export default {
  fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const origin = `http://127.0.0.1:${searchParams.get('port')}`;
    return answers[pathname.slice(1)]({ request, env, origin });
  },
};
