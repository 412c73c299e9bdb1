import { DurableObject } from 'cloudflare:workers';

const routes = {
  '/text': () => new Response('plain text'),
  '/empty': () => new Response(null),
  '/no-content': () => new Response(null, { status: 204 }),
  '/json': () =>
    Response.json({ a: 1, b: [true, null] }, { status: 201, headers: { 'x-made': 'json' } }),
  '/json-type': () =>
    Response.json('text', { headers: { 'content-type': 'application/problem+json' } }),
  '/html': () =>
    new Response('<p>é</p>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } }),
  '/bytes': () => new Response(new Uint8Array([0, 255, 128])),
  '/params': () => new Response(new URLSearchParams({ a: '1 2', b: 'é' })),
  '/blob': () => new Response(new Blob(['blob text'], { type: 'text/csv' })),
  '/redirect': () => Response.redirect('http://elsewhere.example/path?q', 301),
  '/status': () => new Response('teapot', { status: 418, statusText: 'I am a teapot' }),
  '/not-found': () => new Response('nothing here', { status: 404 }),
  '/own-500': () => new Response('my own error', { status: 500 }),
  '/cookies': () => {
    const headers = new Headers({ 'x-one': '1' });
    headers.append('set-cookie', 'a=1; Path=/');
    headers.append('set-cookie', 'b=2');
    headers.append('x-many', 'first');
    headers.append('x-many', 'second');
    return new Response('cookies', { headers });
  },
  '/wide-headers': () =>
    new Response('wide', {
      headers: {
        'x-latin': 'caf\u00e9',
        'x-wide': '\u65e5\u672c',
        'x-split': 'a\u010d\u010ax-injected: yes',
      },
    }),
  '/stream': () => {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const encoder = new TextEncoder();
    (async () => {
      for (let i = 0; i < 5; i++) {
        await writer.write(encoder.encode(`chunk ${i}\n`));
        await scheduler.wait(1);
      }
      await writer.close();
    })();
    return new Response(readable);
  },
  '/readable': () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('from a '));
          controller.enqueue(new TextEncoder().encode('readable stream'));
          controller.close();
        },
      }),
      { headers: { 'content-type': 'text/x-stream' } },
    ),
  '/large': () => new Response('0123456789'.repeat(100_000)),
  '/echo': async (request) =>
    Response.json({
      method: request.method,
      body: await request.text(),
      type: request.headers.get('content-type'),
    }),
  '/echo-stream': (request) => new Response(request.body, { headers: { 'x-echo': 'stream' } }),
  '/length': async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
  '/url': (request) => {
    const url = new URL(request.url);
    return Response.json([request.url, url.pathname, url.search, request.method, request.redirect]);
  },
  '/headers': (request) =>
    Response.json(
      [...request.headers].filter(([name]) => /^(x-|accept|content-|user-agent|cookie)/.test(name)),
    ),
  '/form': async (request) => {
    const form = await request.formData();
    const entries = [];
    for (const [name, value] of form) {
      entries.push([
        name,
        typeof value === 'string' ? value : [value.name, value.type, await value.text()],
      ]);
    }
    return Response.json(entries);
  },
  '/json-in': async (request) => {
    try {
      return Response.json({ got: await request.json() });
    } catch (error) {
      return new Response(error.name, { status: 400 });
    }
  },
  '/used-twice': async (request) => {
    await request.text();
    try {
      await request.text();
      return new Response('read twice');
    } catch (error) {
      return new Response(`${error.name} ${request.bodyUsed}`, { status: 400 });
    }
  },
  '/clone': async (request) => {
    const copy = request.clone();
    return Response.json([await request.text(), await copy.text()]);
  },
};

function route(request) {
  const { pathname } = new URL(request.url);
  const handler = routes[pathname.replace(/^\/do/, '')];
  return handler ? handler(request) : new Response(`no route ${pathname}`, { status: 404 });
}

/** Serves the same routes from an object. */
export class Server extends DurableObject {
  fetch(request) {
    return route(request);
  }
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    return pathname.startsWith('/do/') ? env.SERVER.getByName('s').fetch(request) : route(request);
  },
};
